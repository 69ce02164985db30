using OrleansStore.Consensus;

namespace OrleansStore.Storage.Databases;

/// <summary>What a new writer found. Nothing of it changes any more but by that writer.</summary>
/// <param name="Replica">The row, with the epoch that was taken.</param>
/// <param name="Entries">The entries after the compaction point, verified one by one.</param>
/// <param name="HasOtherHolders">Whether another silo may still speak for the bucket.</param>
internal sealed record ReplicaOpening(StoredReplica Replica, IReadOnlyList<Entry> Entries, bool HasOtherHolders);
