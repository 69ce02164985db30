namespace OrleansStore.Service.Peers;

/// <summary>Takes what the links receive. Implementations neither block nor throw.</summary>
public interface IPeerHandler
{
    /// <summary>A payload arrived; its frame was checked (length, CRC32C, version, store, datacenter, incarnation; invariant 12), its content was not.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="linkClass">On which connection.</param>
    /// <param name="payload">Valid during the call only.</param>
    void OnPayload(DatacenterId from, LinkClass linkClass, ReadOnlySpan<byte> payload);

    /// <summary>All that had arrived was handed over: called after one or more calls of <see cref="OnPayload"/>, before the links wait for more. What these called for may be put off
    /// until now.</summary>
    void OnBatchEnd();

    /// <summary>A link changed between up and not up.</summary>
    void OnLinkChanged(DatacenterId peer, LinkState state);
}
