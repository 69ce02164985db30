namespace OrleansStore.Buckets.Replicas;

/// <summary>A command in the log whose fate somebody waits for.</summary>
/// <param name="Token">The request's token.</param>
/// <param name="Request">The request; null for a command of the replica's own.</param>
/// <param name="Term">The term of the entry: if another one is applied at its index, this one never will be.</param>
internal readonly record struct PendingProposal(ulong Token, BucketRequest? Request, Term Term);
