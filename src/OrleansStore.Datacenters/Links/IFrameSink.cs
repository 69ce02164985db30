namespace OrleansStore.Datacenters.Links;

/// <summary>Takes the frames of a connection.</summary>
internal interface IFrameSink
{
    /// <summary>A whole frame arrived; length, type, version and checksum were checked.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="type">What it is.</param>
    /// <param name="payload">Valid during the call only.</param>
    /// <exception cref="CorruptionException">The content is not acceptable: the connection is given up.</exception>
    void OnFrame(LinkConnection connection, FrameType type, ReadOnlySpan<byte> payload);

    /// <summary>All frames that had arrived were handed over, or one of them was refused.</summary>
    void OnBatchEnd();

    /// <summary>The heartbeat to send now.</summary>
    Heartbeat NextHeartbeat();
}
