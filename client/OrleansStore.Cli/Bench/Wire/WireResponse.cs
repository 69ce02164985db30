using System.Buffers.Text;
using System.Text;

namespace OrleansStore.Cli.Bench.Wire;

/// <summary>One response of HTTP/1.1, as far as a benchmark has to know it.</summary>
/// <param name="Length">How many bytes it has, head and body.</param>
/// <param name="Reply">What it says of the request.</param>
/// <param name="IsLast">Whether the server closes the connection behind it.</param>
internal readonly record struct WireResponse(int Length, BenchReply Reply, bool IsLast)
{
    private const int StatusAt = 9;
    private const int StatusDigits = 3;
    private const int MaxHeadBytes = 64 * 1024;

    /// <summary>Reads a response from the beginning of what was received.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="response">The response.</param>
    /// <returns>False where it is not complete.</returns>
    /// <exception cref="FormatException">This is no response that a store gives.</exception>
    public static bool TryRead(ReadOnlySpan<byte> input, out WireResponse response)
    {
        response = default;
        var headEnd = input.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0)
        {
            return input.Length > MaxHeadBytes ? throw new FormatException("The head of a response has no end.") : false;
        }

        var status = ReadStatus(input);
        long? length = status is 204 or 304 ? 0 : null;
        ulong revision = 0;
        var isLast = false;
        for (var rest = input[..(headEnd + 2)]; !rest.IsEmpty;)
        {
            var lineEnd = rest.IndexOf("\r\n"u8);
            var line = rest[..lineEnd];
            rest = rest[(lineEnd + 2)..];
            if (TryGetValue(line, "content-length"u8, out var value))
            {
                length ??= Utf8Parser.TryParse(value, out int bytes, out var used) && used == value.Length ? bytes : throw new FormatException("A response has no length.");
            }
            else if (TryGetValue(line, "etag"u8, out value))
            {
                revision = ReadRevision(value);
            }
            else if (TryGetValue(line, "connection"u8, out value))
            {
                isLast = Ascii.EqualsIgnoreCase(value, "close"u8);
            }
        }

        var total = headEnd + 4 + (length ?? throw new FormatException("A response has no length."));
        if (input.Length < total)
        {
            return false;
        }

        var body = input[(headEnd + 4)..(int)total];
        response = new WireResponse((int)total, status is >= 200 and < 300 ? BenchReply.Served(revision) : BenchReply.Failed(CodeOf(status, body)), isLast);
        return true;
    }

    private static int ReadStatus(ReadOnlySpan<byte> input) =>
        input.StartsWith("HTTP/1.1 "u8) && Utf8Parser.TryParse(input.Slice(StatusAt, StatusDigits), out int status, out var used) && used == StatusDigits
            ? status
            : throw new FormatException("This is no HTTP/1.1.");

    private static bool TryGetValue(ReadOnlySpan<byte> line, ReadOnlySpan<byte> lowerName, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (line.Length <= lowerName.Length || line[lowerName.Length] != ':' || !Ascii.EqualsIgnoreCase(line[..lowerName.Length], lowerName))
        {
            return false;
        }

        value = line[(lowerName.Length + 1)..].Trim((byte)' ');
        return true;
    }

    private static ulong ReadRevision(ReadOnlySpan<byte> tag) =>
        tag.Length > 2 && Utf8Parser.TryParse(tag[1..^1], out ulong revision, out var used) && used == tag.Length - 2 ? revision : 0;

    // The code of problem details; servers write it without spaces.
    private static string CodeOf(int status, ReadOnlySpan<byte> body)
    {
        var name = "\"code\":\""u8;
        var at = body.IndexOf(name);
        if (at < 0)
        {
            return FormattableString.Invariant($"http-{status}");
        }

        var code = body[(at + name.Length)..];
        var end = code.IndexOf((byte)'"');
        return end is < 1 or > 64 ? FormattableString.Invariant($"http-{status}") : Encoding.ASCII.GetString(code[..end]);
    }
}
