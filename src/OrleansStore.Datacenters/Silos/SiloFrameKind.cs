namespace OrleansStore.Datacenters.Silos;

/// <summary>What a <see cref="SiloFrame"/> is for. The values stand on the wire: append only, 0 is never valid.</summary>
internal enum SiloFrameKind : byte
{
    /// <summary>A payload for a bucket of this datacenter, or the answer to a call of one of its silos.</summary>
    Inward = 1,

    /// <summary>A payload for another datacenter, to be sent by the silo that holds the links.</summary>
    Outward = 2,

    /// <summary>A <see cref="LinkReport"/>.</summary>
    Report = 3,
}
