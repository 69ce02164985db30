using OrleansStore.Consensus;

namespace OrleansStore.Storage;

/// <summary>The handle of a durable snapshot: what consensus and the leader's transfer know of it, never its bytes.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Revision">The bucket's revision as of the snapshot.</param>
/// <param name="Metadata">Index, term and configuration as of the snapshot.</param>
/// <param name="SizeBytes">The length in its stored form, which is also what is sent to other datacenters.</param>
public sealed record SnapshotDescriptor(BucketId Bucket, Revision Revision, SnapshotMetadata Metadata, long SizeBytes);
