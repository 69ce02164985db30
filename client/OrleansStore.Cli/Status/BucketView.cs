namespace OrleansStore.Cli.Status;

/// <summary>What one datacenter says of a bucket.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Primary">The datacenter that should lead it.</param>
/// <param name="Leader">The one that does; null where this datacenter does not know, as of a bucket that sleeps.</param>
/// <param name="Term">The term.</param>
/// <param name="Commit">The last entry known to be committed.</param>
/// <param name="Applied">The last entry applied; 0 while the bucket is not in memory.</param>
/// <param name="State">What the replica here does.</param>
internal sealed record BucketView(ulong Id, string Primary, string? Leader, ulong Term, ulong Commit, ulong Applied, string State);
