namespace OrleansStore.Storage.Log;

/// <summary>Why a batch was written. On disk: append only, 0 is never valid.</summary>
internal enum BatchKind : uint
{
    /// <summary>Appends of buckets.</summary>
    Appends = 1,

    /// <summary>No records: proves that all before it was durable, and publishes the oldest segment needed.</summary>
    Seal = 2,

    /// <summary>Live records copied forward out of the oldest segment.</summary>
    Copies = 3,
}
