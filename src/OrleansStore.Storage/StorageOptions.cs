namespace OrleansStore.Storage;

/// <summary>The bounds of file storage.</summary>
public sealed class StorageOptions
{
    /// <summary>The most bytes a block of a snapshot holds; part of the file format.</summary>
    public const int SnapshotBlockBytes = 64 * 1024;

    /// <summary>Size at which the log goes on in a new segment. Default 32 MiB; at least 4 KiB. Smaller segments free space sooner and roll over more often.</summary>
    public long SegmentBytes { get; init; } = 32L << 20;

    /// <summary>The most bytes of records in one batch, hence what one append may carry and what the queue holds while a batch is written. Default 8 MiB; at
    /// least 4 KiB, at most 64 MiB. Beyond it appends are throttled.</summary>
    public int MaxBatchBytes { get; init; } = 8 << 20;

    /// <summary>How far past a batch the segment is filled with zeros, so that the following batches change no file size and their fsync needs no
    /// metadata. Default 1 MiB; 0 turns it off; at most 16 MiB.</summary>
    public int ZeroAheadBytes { get; init; } = 1 << 20;

    /// <summary>Log bytes up to which nothing is copied forward. Default 128 MiB. It bounds the log of a silo with little live data.</summary>
    public long MinRetainedBytes { get; init; } = 128L << 20;

    /// <summary>The log is kept below this multiple of its live bytes, or <see cref="MinRetainedBytes"/> if that is more. Default 3; at least 2. Copying costs
    /// at most 1 / (factor - 1) of the bytes appended.</summary>
    public int MaxRetainedFactor { get; init; } = 3;

    /// <summary>The most live bytes copied forward between two batches, give or take one record. Default 512 KiB; at least 4 KiB. It bounds what a pass adds to a commit's latency.</summary>
    public int CopyBudgetBytes { get; init; } = 512 << 10;

    /// <summary>How long after the last batch an idle log writes an empty one, which proves that the last one was durable. Default 50 ms.</summary>
    public TimeSpan IdleSealDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How old the measured free space may get while the log writes. Default 1 s.</summary>
    public TimeSpan SpaceCheckInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The part of the volume kept free, in percent. Default 5; in [0, 50]. Below it client writes are refused.</summary>
    public int ReservePercent { get; init; } = 5;

    /// <summary>The least bytes kept free. Default 256 MiB.</summary>
    public long MinReserveBytes { get; init; } = 256L << 20;

    /// <summary>Checks every bound.</summary>
    /// <exception cref="ArgumentException">Names every property that is out of range, with its value.</exception>
    public void Validate()
    {
        List<string> errors = [];
        Require(SegmentBytes >= 4096, $"SegmentBytes is {SegmentBytes}; it must be at least 4096");
        Require(MaxBatchBytes is >= 4096 and <= 64 << 20, $"MaxBatchBytes is {MaxBatchBytes}; it must be in [4096, {64 << 20}]");
        Require(ZeroAheadBytes is >= 0 and <= 16 << 20, $"ZeroAheadBytes is {ZeroAheadBytes}; it must be in [0, {16 << 20}]");
        Require(MinRetainedBytes >= 2 * SegmentBytes, $"MinRetainedBytes is {MinRetainedBytes}; it must be at least two segments of {SegmentBytes}");
        Require(MaxRetainedFactor >= 2, $"MaxRetainedFactor is {MaxRetainedFactor}; it must be at least 2");
        Require(CopyBudgetBytes >= 4096 && CopyBudgetBytes <= MaxBatchBytes, $"CopyBudgetBytes is {CopyBudgetBytes}; it must be in [4096, MaxBatchBytes = {MaxBatchBytes}]");
        Require(IdleSealDelay > TimeSpan.Zero, $"IdleSealDelay is {IdleSealDelay}; it must be positive");
        Require(SpaceCheckInterval > TimeSpan.Zero, $"SpaceCheckInterval is {SpaceCheckInterval}; it must be positive");
        Require(ReservePercent is >= 0 and <= 50, $"ReservePercent is {ReservePercent}; it must be in [0, 50]");
        Require(MinReserveBytes >= 0, $"MinReserveBytes is {MinReserveBytes}; it must not be negative");
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", errors) + ".");
        }

        void Require(bool condition, string error)
        {
            if (!condition)
            {
                errors.Add(error);
            }
        }
    }
}
