namespace OrleansStore.Buckets.History;

/// <summary>What happened to a key. The values stand in snapshots and on the wire: append only, 0 is never valid.</summary>
public enum ChangeKind : byte
{
    /// <summary>The record was created or replaced.</summary>
    Put = 1,

    /// <summary>The record was deleted.</summary>
    Delete = 2,

    /// <summary>The record's time was over.</summary>
    Expired = 3,
}
