namespace OrleansStore.Service.Wire;

/// <summary>A piece of a snapshot in its stored form.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Epoch">The sender's topology epoch; not <see cref="Epoch.None"/>.</param>
/// <param name="TransferId">The transfer it belongs to.</param>
/// <param name="Offset">Where in the snapshot it starts; not negative.</param>
/// <param name="Bytes">1 to <see cref="Storage.ISnapshotReceiver.MaxChunkBytes"/> bytes.</param>
public readonly record struct SnapshotChunk(BucketId Bucket, Epoch Epoch, ulong TransferId, long Offset, ReadOnlyMemory<byte> Bytes);
