using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;

namespace OrleansStore.Buckets.Replicas;

/// <summary>A snapshot to take: the driver streams the view while the bucket goes on, and reports with <see cref="BucketReplica.CompleteSnapshot"/> or <see cref="BucketReplica.AbandonSnapshot"/>.</summary>
/// <param name="View">The state, for good.</param>
/// <param name="Metadata">Where it stands in the log.</param>
public sealed record SnapshotOrder(BucketView View, SnapshotMetadata Metadata);
