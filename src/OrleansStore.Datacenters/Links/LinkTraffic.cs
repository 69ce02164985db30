namespace OrleansStore.Datacenters.Links;

/// <summary>What a link has moved and declined since the process started. Safe for concurrent use.</summary>
internal sealed class LinkTraffic
{
    private long _sent;
    private long _received;
    private long _refused;
    private long _connects;

    public long Sent => Interlocked.Read(ref _sent);

    public long Received => Interlocked.Read(ref _received);

    /// <summary>Payloads declined because the queue was full.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>How often both connections came to stand.</summary>
    public long Connects => Interlocked.Read(ref _connects);

    public void CountSent(long bytes) => Interlocked.Add(ref _sent, bytes);

    public void CountReceived(long bytes) => Interlocked.Add(ref _received, bytes);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountConnect() => Interlocked.Increment(ref _connects);
}
