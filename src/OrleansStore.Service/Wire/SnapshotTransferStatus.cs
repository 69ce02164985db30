namespace OrleansStore.Service.Wire;

/// <summary>How the transfer of a snapshot stands at its receiver. The values stand on the wire: append only, 0 is never valid.</summary>
public enum SnapshotTransferStatus : byte
{
    /// <summary>The offer is taken, or a chunk was: go on at the next offset.</summary>
    Accepted = 1,

    /// <summary>The receiver does not want it: it has a newer state, is busy, or knows no such transfer. The sender ends it.</summary>
    Refused = 2,

    /// <summary>All of it is there, verified and durable.</summary>
    Complete = 3,

    /// <summary>What arrived was damaged or could not be stored, and was dropped. The sender ends the transfer.</summary>
    Failed = 4,
}
