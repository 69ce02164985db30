namespace OrleansStore.Service.Routing;

/// <summary>What a datacenter knows of its own replica of a bucket.</summary>
/// <param name="Leader">The datacenter that leads; <see cref="DatacenterId.None"/> while that is not known.</param>
/// <param name="Term">The replica's term.</param>
/// <param name="Commit">The last entry it knows to be committed.</param>
/// <param name="Applied">The last entry it has applied; 0 while it is not in memory.</param>
/// <param name="State">As <see cref="Status.BucketStatus.State"/>.</param>
public readonly record struct LocalReplicaStatus(DatacenterId Leader, Term Term, LogIndex Commit, LogIndex Applied, string State);
