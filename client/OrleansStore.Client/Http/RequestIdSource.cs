namespace OrleansStore.Client.Http;

/// <summary>Gives out ids of writes: a session of this client, and a sequence number in it. All copies of a write carry the same.</summary>
/// <remarks>They travel as idempotency keys, <c>session:sequence</c>, because the facade knows no other form. 80 random bits and the time of creation make two sessions differ.</remarks>
internal sealed class RequestIdSource(SessionId session)
{
    private readonly string _prefix = $"{session}:";
    private ulong _sequence;

    public RequestId Next()
    {
        Span<char> digits = stackalloc char[20];
        Interlocked.Increment(ref _sequence).TryFormat(digits, out var length, provider: System.Globalization.CultureInfo.InvariantCulture);
        return RequestId.ForKey(string.Concat(_prefix, digits[..length]));
    }
}
