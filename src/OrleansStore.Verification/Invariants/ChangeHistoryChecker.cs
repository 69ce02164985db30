namespace OrleansStore.Verification.Invariants;

/// <summary>A change history has no gaps, ends at the state's revision, and says the same in every replica. Not safe for concurrent use.</summary>
/// <param name="report">Takes what is wrong.</param>
public sealed class ChangeHistoryChecker(Action<Violation> report)
{
    private readonly Dictionary<(BucketId, Revision), ulong> _contents = [];

    /// <summary>A history, or its newest part, was seen.</summary>
    public void Observe(in ChangesSeen seen)
    {
        var previous = seen.Compacted;
        for (var start = 0; start < seen.Changes.Count;)
        {
            var revision = seen.Changes[start].Revision;
            if (revision != previous.Next)
            {
                Report(seen, $"revision {revision} follows {previous}");
                return;
            }

            var content = 14695981039346656037UL;
            for (; start < seen.Changes.Count && seen.Changes[start].Revision == revision; start++)
            {
                content = unchecked((content ^ seen.Changes[start].Content) * 1099511628211UL);
            }

            if (!_contents.TryAdd((seen.Bucket, revision), content) && _contents[(seen.Bucket, revision)] != content)
            {
                Report(seen, $"the changes of revision {revision} are not those that were seen before");
            }

            previous = revision;
        }

        if (previous != seen.Last)
        {
            Report(seen, $"the history ends at {previous}, the state is at {seen.Last}");
        }
    }

    private void Report(in ChangesSeen seen, string what) =>
        report(new Violation(VerifiedProperty.ChangeHistory, $"bucket {seen.Bucket} of replica {seen.Replica}: {what}"));
}
