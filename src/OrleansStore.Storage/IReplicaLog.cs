using OrleansStore.Consensus;

namespace OrleansStore.Storage;

/// <summary>The fenced writer of one replica. Used by one turn of its bucket at a time.</summary>
public interface IReplicaLog
{
    /// <summary>The bucket.</summary>
    BucketId Bucket { get; }

    /// <summary>The epoch of this writer; it stands in its completions.</summary>
    WriterEpoch Writer { get; }

    /// <summary>Queues a write. On its completion without failure it is durable; before, nothing may be promised on it (invariant 1).</summary>
    /// <param name="append">What to write. Its bytes are copied: buffers belong to the caller again when the call returns.</param>
    /// <param name="token">Given back in the completion; its meaning is the caller's.</param>
    /// <returns>Only <see cref="AppendStatus.Queued"/> is followed by a completion.</returns>
    /// <exception cref="ArgumentException">The append is empty, or alone exceeds <see cref="StorageOptions.MaxBatchBytes"/>.</exception>
    /// <exception cref="Diagnostics.InvariantViolationException">The entries leave a gap or lie below the compaction point, or no durable snapshot covers a compaction.</exception>
    AppendStatus TryAppend(in LogAppend append, ulong token);

    /// <summary>Reads durable entries, for a follower that lags behind what the leader keeps in memory.</summary>
    /// <param name="first">The first index wanted.</param>
    /// <param name="end">The index after the last one wanted.</param>
    /// <param name="maxBytes">Bounds the sum of <see cref="Entry.SizeBytes"/>; at least one entry is given whatever its size.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Consecutive entries from <paramref name="first"/> on; empty where that index was dropped or is not durable yet.</returns>
    /// <exception cref="CorruptionException">Stored bytes are damaged.</exception>
    /// <exception cref="StoreException">Storage failed or was closed.</exception>
    ValueTask<IReadOnlyList<Entry>> ReadEntriesAsync(LogIndex first, LogIndex end, long maxBytes, CancellationToken cancellationToken);

    /// <summary>Ends this writer: what it queued still becomes durable, further appends are refused.</summary>
    void Close();
}
