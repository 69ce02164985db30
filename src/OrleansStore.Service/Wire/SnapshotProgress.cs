namespace OrleansStore.Service.Wire;

/// <summary>What the receiver of a snapshot tells its sender.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Epoch">The receiver's topology epoch; not <see cref="Epoch.None"/>.</param>
/// <param name="TransferId">The transfer.</param>
/// <param name="NextOffset">Where the next chunk must start; not negative. It may lie before what was sent already.</param>
/// <param name="Status">How the transfer stands.</param>
public readonly record struct SnapshotProgress(BucketId Bucket, Epoch Epoch, ulong TransferId, long NextOffset, SnapshotTransferStatus Status);
