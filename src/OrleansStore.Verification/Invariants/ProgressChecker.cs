namespace OrleansStore.Verification.Invariants;

/// <summary>Epochs, terms, commit indexes, applied indexes and revisions only rise; applied never passes commit. Not safe for concurrent use.</summary>
/// <param name="report">Takes what is wrong.</param>
public sealed class ProgressChecker(Action<Violation> report)
{
    private readonly Dictionary<(BucketId, ReplicaId), ProgressSeen> _last = [];

    /// <summary>A replica was seen.</summary>
    public void Observe(in ProgressSeen seen)
    {
        Require(seen.Applied <= seen.Commit, seen, $"applied index {seen.Applied} is beyond commit index {seen.Commit}");
        if (_last.TryGetValue((seen.Bucket, seen.Replica), out var last))
        {
            // Durable, so also over restarts.
            Require(seen.Epoch >= last.Epoch, seen, $"epoch {last.Epoch} fell to {seen.Epoch}");
            if (seen.Activation == last.Activation)
            {
                // A crash may take a term that was not durable yet, with the vote that nobody has seen; RecoveryChecker looks after the others.
                Require(seen.Term >= last.Term, seen, $"term {last.Term} fell to {seen.Term}");
                Require(seen.Commit >= last.Commit, seen, $"commit index {last.Commit} fell to {seen.Commit}");
                Require(seen.Applied >= last.Applied, seen, $"applied index {last.Applied} fell to {seen.Applied}");
                Require(seen.Revision >= last.Revision, seen, $"revision {last.Revision} fell to {seen.Revision}");
            }
        }

        _last[(seen.Bucket, seen.Replica)] = seen;
    }

    private void Require(bool condition, in ProgressSeen seen, string otherwise)
    {
        if (!condition)
        {
            report(new Violation(VerifiedProperty.Progress, $"bucket {seen.Bucket} of replica {seen.Replica}: {otherwise}"));
        }
    }
}
