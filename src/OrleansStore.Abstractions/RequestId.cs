using System.Globalization;

namespace OrleansStore;

/// <summary>What makes two copies of a request one request (invariant 4). The default value is <see cref="None"/>.</summary>
/// <remarks>
/// The text form, used in headers and in <c>/v1/outcomes</c>, is <c>s:</c>, 32 lower-case hexadecimal digits, <c>:</c> and the sequence number in
/// decimal; or <c>k:</c> and the caller's key. Each id has exactly one text.
/// </remarks>
public readonly record struct RequestId
{
    /// <summary>The longest opaque key, in characters.</summary>
    public const int MaxKeyLength = 64;

    private const int SessionDigits = 32;

    private RequestId(SessionId session, ulong sequence, string? key)
    {
        Session = session;
        Sequence = sequence;
        Key = key;
    }

    /// <summary>No identity.</summary>
    public static readonly RequestId None;

    /// <summary>Which members are set.</summary>
    public RequestIdForm Form => Key is not null ? RequestIdForm.Opaque : Sequence != 0 ? RequestIdForm.Session : RequestIdForm.None;

    /// <summary>The session; 0 unless the form is <see cref="RequestIdForm.Session"/>.</summary>
    public SessionId Session { get; }

    /// <summary>The place of the request in its session, from 1; 0 unless the form is <see cref="RequestIdForm.Session"/>.</summary>
    public ulong Sequence { get; }

    /// <summary>The caller's key; null unless the form is <see cref="RequestIdForm.Opaque"/>.</summary>
    public string? Key { get; }

    /// <summary>Creates the id of a session's request.</summary>
    /// <param name="session">The session; its creation time is in (0, <see cref="WallTime.Max"/>].</param>
    /// <param name="sequence">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of range.</exception>
    public static RequestId ForSession(SessionId session, ulong sequence)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sequence);
        if (session.Created == WallTime.Zero || !session.Created.IsStorable)
        {
            throw new ArgumentOutOfRangeException(nameof(session), session, "The session has no valid creation time.");
        }

        return new RequestId(session, sequence, null);
    }

    /// <summary>Creates an id from a caller's idempotency key.</summary>
    /// <param name="key">1 to <see cref="MaxKeyLength"/> characters in [0x20, 0x7E].</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is out of range.</exception>
    public static RequestId ForKey(string key) => IsValidKey(key)
        ? new RequestId(default, 0, key)
        : throw new ArgumentException($"An idempotency key has 1 to {MaxKeyLength} characters of printable ASCII.", nameof(key));

    /// <summary>Reads the text form.</summary>
    /// <param name="text">What <see cref="ToString"/> gave.</param>
    /// <param name="id">The id, if the result is true.</param>
    /// <returns>False where the text is not exactly what <see cref="ToString"/> writes, or is empty.</returns>
    public static bool TryParse(string? text, out RequestId id)
    {
        id = default;
        if (text is null)
        {
            return false;
        }

        if (text.StartsWith("k:", StringComparison.Ordinal) && IsValidKey(text[2..]))
        {
            id = new RequestId(default, 0, text[2..]);
            return true;
        }

        return text.StartsWith("s:", StringComparison.Ordinal) && TryParseSession(text, out id);
    }

    /// <summary>The text form; empty for <see cref="None"/>.</summary>
    public override string ToString() => Form switch
    {
        RequestIdForm.Session => string.Create(CultureInfo.InvariantCulture, $"s:{Session}:{Sequence}"),
        RequestIdForm.Opaque => $"k:{Key}",
        _ => string.Empty,
    };

    private static bool IsValidKey(string key) =>
        key.Length is >= 1 and <= MaxKeyLength && !key.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static bool TryParseSession(string text, out RequestId id)
    {
        id = default;
        const int separator = 2 + SessionDigits;
        if (text.Length <= separator + 1 || text[separator] != ':' || text[separator + 1] == '0' ||
            !UInt128.TryParse(text.AsSpan(2, SessionDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var session) ||
            !ulong.TryParse(text.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ||
            text.AsSpan(2, SessionDigits).ContainsAnyInRange('A', 'F'))
        {
            return false;
        }

        var candidate = new SessionId(session);
        if (candidate.Created == WallTime.Zero || !candidate.Created.IsStorable)
        {
            return false;
        }

        id = new RequestId(candidate, sequence, null);
        return true;
    }
}
