namespace OrleansStore;

/// <summary>What a <see cref="RecordOwner"/> names. The values stand in logs and on the wire: append only, 0 is never valid.</summary>
public enum RecordOwnerKind : byte
{
    /// <summary>A lease: the record lives no longer than it.</summary>
    Lease = 1,

    /// <summary>The intent of a transaction over several buckets.</summary>
    Intent = 2,
}
