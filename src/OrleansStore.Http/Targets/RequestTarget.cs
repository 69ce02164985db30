namespace OrleansStore.Http.Targets;

/// <summary>Path and query of a request line as they were sent: nothing is decoded, collapsed or normalised.</summary>
/// <remarks>The server's own <c>Path</c> has decoded escapes and removed dot segments, which would make different keys one.</remarks>
internal readonly struct RequestTarget
{
    private readonly string _raw;
    private readonly int _pathStart;
    private readonly int _pathEnd;

    private RequestTarget(string raw, int pathStart, int pathEnd)
    {
        _raw = raw;
        _pathStart = pathStart;
        _pathEnd = pathEnd;
    }

    /// <summary>From the first slash to the question mark or the end; empty where the target has no path.</summary>
    public ReadOnlySpan<char> Path => _raw.AsSpan(_pathStart, _pathEnd - _pathStart);

    /// <summary>What follows the first question mark; empty where there is none.</summary>
    public ReadOnlySpan<char> Query => _pathEnd < _raw.Length ? _raw.AsSpan(_pathEnd + 1) : default;

    /// <summary>Finds path and query in origin form (<c>/path?query</c>) and absolute form (<c>http://host/path?query</c>); other forms have no path.</summary>
    public static RequestTarget Parse(string raw)
    {
        var start = raw.StartsWith('/') ? 0 : EndOfAuthority(raw);
        var length = raw.AsSpan(start).IndexOf('?');
        return new RequestTarget(raw, start, length < 0 ? raw.Length : start + length);
    }

    private static int EndOfAuthority(string raw)
    {
        const string separator = "://";
        var scheme = raw.IndexOf(separator, StringComparison.Ordinal);
        if (scheme < 0)
        {
            return raw.Length;
        }

        var authority = scheme + separator.Length;
        var length = raw.AsSpan(authority).IndexOfAny('/', '?');
        return length < 0 ? raw.Length : authority + length;
    }
}
