namespace OrleansStore.Service.Peers;

/// <summary>What is known of the link to one datacenter; for status and metrics.</summary>
/// <param name="Peer">The datacenter.</param>
/// <param name="State">Whether it can be reached.</param>
/// <param name="Reason">Why it is not up; null where it is.</param>
public sealed record LinkStatus(DatacenterId Peer, LinkState State, string? Reason)
{
    /// <summary>The last measured round trip of a heartbeat; null before the first one.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>The estimate of the peer's wall clock minus ours; null before the first heartbeat.</summary>
    public TimeSpan? Skew { get; init; }

    /// <summary>Bytes that wait to be sent.</summary>
    public long QueuedBytes { get; init; }

    /// <summary>Payloads refused because the queue was full, since the process started.</summary>
    public long Refused { get; init; }

    /// <summary>Bytes sent and received since the process started.</summary>
    public (long Sent, long Received) Bytes { get; init; }
}
