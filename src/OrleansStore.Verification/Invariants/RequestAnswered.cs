namespace OrleansStore.Verification.Invariants;

/// <summary>The fate of a request that somebody was told: in the answer to it, or in the answer to a question for its outcome.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Mark">What the request is recognised by; not 0.</param>
/// <param name="Fate">What was told.</param>
/// <param name="Revision">The revision of its changes, of an applied one; <see cref="Revision.None"/> where it was not told.</param>
public readonly record struct RequestAnswered(BucketId Bucket, ulong Mark, RequestFate Fate, Revision Revision)
{
    /// <summary>What a write's answer tells; null where it tells nothing for good.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="mark">The request's mark.</param>
    /// <param name="result">The answer.</param>
    public static RequestAnswered? From(BucketId bucket, ulong mark, WriteResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Status switch
        {
            WriteStatus.Applied => new(bucket, mark, RequestFate.Applied, result.Revision),
            WriteStatus.PreconditionFailed or WriteStatus.NotFound => new(bucket, mark, RequestFate.ChangedNothing, Revision.None),
            WriteStatus.NeverApplied => new(bucket, mark, RequestFate.ChangedNothing, Revision.None),

            // These were not proposed, and the caller makes no other copy: nothing will come of them.
            WriteStatus.Unavailable or WriteStatus.Throttled or WriteStatus.DiskFull or WriteStatus.NotLeader => new(bucket, mark, RequestFate.ChangedNothing, Revision.None),
            _ => null,
        };
    }

    /// <summary>What an answer to a question for an outcome tells; null where it tells nothing for good.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="mark">The mark of the request that was asked for.</param>
    /// <param name="result">The answer.</param>
    public static RequestAnswered? From(BucketId bucket, ulong mark, OutcomeResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Status switch
        {
            OutcomeStatus.Applied => new(bucket, mark, RequestFate.Applied, result.Result?.Revision ?? Revision.None),
            OutcomeStatus.Rejected or OutcomeStatus.NeverApplied => new(bucket, mark, RequestFate.ChangedNothing, Revision.None),
            _ => null,
        };
    }
}
