namespace OrleansStore.Storage.Log;

/// <summary>What a record says about its bucket. On disk: append only, 0 is never valid. Layouts: <see cref="RecordFormat"/>.</summary>
internal enum RecordKind : byte
{
    /// <summary>The hard state is replaced.</summary>
    HardState = 1,

    /// <summary>Entries from an index on; what the log held from there on is overwritten.</summary>
    Entries = 2,

    /// <summary>The log was dropped up to and including an entry, because a durable snapshot covers it.</summary>
    Compacted = 3,

    /// <summary>A received snapshot took the log's place: the log is empty and goes on after its last entry.</summary>
    SnapshotInstalled = 4,

    /// <summary>The bucket is forgotten.</summary>
    BucketRemoved = 5,

    /// <summary>The due time is replaced.</summary>
    DueTime = 6,

    /// <summary>Live entries copied forward: they replace their older copies and leave the rest of the log alone. In replay the older copies and
    /// what precedes the entries may be in segments that are gone.</summary>
    EntriesCopied = 7,
}
