using System.Collections.Immutable;

namespace OrleansStore.Service.Status;

/// <summary>What one datacenter knows of a bucket.</summary>
/// <param name="Id">The bucket.</param>
/// <param name="Primary">The name of its primary datacenter.</param>
/// <param name="Leader">The name of the datacenter that leads it; null while that is not known, as it is of a bucket that sleeps.</param>
/// <param name="Term">The local replica's term.</param>
/// <param name="Commit">The last entry it knows to be committed.</param>
/// <param name="Applied">The last entry it has applied; 0 while it is not in memory.</param>
/// <param name="State">What the local replica does: <c>leader</c>, <c>follower</c>, <c>candidate</c>, <c>hibernated</c>, <c>failed</c> or <c>absent</c>.</param>
/// <param name="Replicas">The names of the datacenters that hold a replica, the primary first.</param>
public sealed record BucketStatus(
    BucketId Id, string Primary, string? Leader, Term Term, LogIndex Commit, LogIndex Applied, string State, ImmutableArray<string> Replicas);
