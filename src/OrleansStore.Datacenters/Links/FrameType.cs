namespace OrleansStore.Datacenters.Links;

/// <summary>What a frame carries. The values stand on the wire: append only, 0 is never valid.</summary>
internal enum FrameType : byte
{
    /// <summary>Who speaks; the first frame of each direction of a connection, and only that.</summary>
    Hello = 1,

    /// <summary>Why the sender closes the connection: text for the other side's status and log. The last frame of a direction.</summary>
    Goodbye = 2,

    /// <summary>Proof of life with clock readings; on control connections.</summary>
    Heartbeat = 3,

    /// <summary>A payload of the layers above.</summary>
    Payload = 4,

    /// <summary>A hello with what has changed since the first: a store is formed while the connection stands. On control connections.</summary>
    Identity = 5,
}
