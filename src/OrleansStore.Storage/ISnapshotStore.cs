using OrleansStore.Consensus;

namespace OrleansStore.Storage;

/// <summary>The snapshots of all buckets of a silo.</summary>
/// <remarks>Safe for concurrent use; per bucket one snapshot at a time is written and one received, beside any number of readers. The calls
/// run on the caller's scheduler and may block it: drivers use a background one. A failed sync fails the whole storage (invariant 8); a failed
/// write only the snapshot it belongs to.</remarks>
public interface ISnapshotStore
{
    /// <summary>The newest durable snapshot of a bucket; null where there is none.</summary>
    SnapshotDescriptor? Newest(BucketId bucket);

    /// <summary>All durable snapshots of a bucket, oldest first. More than one only where deleting an older one was cut short or an older one is being read.</summary>
    IReadOnlyList<SnapshotDescriptor> List(BucketId bucket);

    /// <summary>Starts a snapshot. Nothing of it is visible before <see cref="ISnapshotWriter.CommitAsync"/>.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="revision">The bucket's revision in it.</param>
    /// <param name="metadata">The place in the log; its index is above that of the newest snapshot.</param>
    /// <param name="cancellationToken">Ends the call before anything was created.</param>
    /// <exception cref="StoreException">The file could not be created, or storage failed.</exception>
    ValueTask<ISnapshotWriter> CreateAsync(BucketId bucket, Revision revision, SnapshotMetadata metadata, CancellationToken cancellationToken);

    /// <summary>Opens a snapshot, verifies all of it, and then gives its content. It stays readable while newer ones are written and this one is deleted.</summary>
    /// <exception cref="CorruptionException">A byte of it is not what was written.</exception>
    /// <exception cref="StoreException"><see cref="ErrorCode.NotFound"/>: it was deleted meanwhile; take the newest.</exception>
    ValueTask<ISnapshotReader> OpenAsync(SnapshotDescriptor snapshot, CancellationToken cancellationToken);

    /// <summary>Starts or resumes the reception of a snapshot from the leader; another one that was being received for this bucket is dropped.</summary>
    /// <param name="snapshot">What the leader sends, as its own store describes it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The reception; <see cref="ISnapshotReceiver.NextOffset"/> tells where to go on, also after a restart of this process.</returns>
    ValueTask<ISnapshotReceiver> ReceiveAsync(SnapshotDescriptor snapshot, CancellationToken cancellationToken);

    /// <summary>Deletes all snapshots of a bucket, durably. Only for a bucket whose log was removed, durably, before.</summary>
    ValueTask RemoveAsync(BucketId bucket);
}
