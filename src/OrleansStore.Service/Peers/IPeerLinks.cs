namespace OrleansStore.Service.Peers;

/// <summary>The links to the other datacenters: a port of the engine. Payloads are opaque to it.</summary>
/// <remarks>Payloads of one class to one peer arrive in the order they were sent, each at most once: whatever is queued or under way when a connection
/// breaks is lost, and never sent again. What a replica refuses is refused for good because no second copy of the request can follow the first one (invariant 5). Safe for
/// concurrent use.</remarks>
public interface IPeerLinks
{
    /// <summary>The longest payload, in bytes; larger contents are sent in chunks.</summary>
    const int MaxPayloadBytes = 4 * 1024 * 1024;

    /// <summary>Queues a payload. Nothing waits: what is queued goes out with the next flush.</summary>
    /// <param name="to">Another datacenter.</param>
    /// <param name="linkClass">On which connection.</param>
    /// <param name="payload">Copied; 1 to <see cref="MaxPayloadBytes"/> bytes.</param>
    /// <returns>False, and the payload is dropped, if the link is not up or its queue is full (invariant 10: the caller counts it, and tells
    /// whoever waits).</returns>
    bool TrySend(DatacenterId to, LinkClass linkClass, ReadOnlySpan<byte> payload);

    /// <summary>Whether a datacenter can be reached now.</summary>
    LinkState StateOf(DatacenterId peer);

    /// <summary>Whether this datacenter's own wall clock must be taken to be wrong: then it must not lead, because a leader stamps entries with its time (invariant 3). Null: it need
    /// not; else what was measured, in words.</summary>
    string? OwnClock { get; }

    /// <summary>All links, ordered by datacenter.</summary>
    IReadOnlyList<LinkStatus> Status();
}
