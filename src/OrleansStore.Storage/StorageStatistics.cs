namespace OrleansStore.Storage;

/// <summary>Counters and gauges of one storage since it was opened; what metrics show.</summary>
public readonly record struct StorageStatistics
{
    /// <summary>Batches made durable, with one fsync each.</summary>
    public long Batches { get; init; }

    /// <summary>Appends that became durable.</summary>
    public long Appends { get; init; }

    /// <summary>Bytes of batches written.</summary>
    public long BytesWritten { get; init; }

    /// <summary>Bytes of live records copied forward so that old segments could go.</summary>
    public long BytesCopiedForward { get; init; }

    /// <summary>Bytes that wait for the next batch.</summary>
    public long QueuedBytes { get; init; }

    /// <summary>Log files.</summary>
    public int Segments { get; init; }

    /// <summary>Bytes used in the log files.</summary>
    public long LogBytes { get; init; }

    /// <summary>Bytes of log records that are still needed.</summary>
    public long LiveBytes { get; init; }

    /// <summary>Buckets that storage knows.</summary>
    public int Buckets { get; init; }
}
