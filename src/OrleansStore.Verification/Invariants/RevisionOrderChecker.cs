using OrleansStore.Verification.Histories;

namespace OrleansStore.Verification.Invariants;

/// <summary>The revisions that clients are told rise in the order of real time, over all keys of a bucket, and each belongs to one change.</summary>
/// <remarks>Linearizability is checked key by key; this ties the keys of a bucket together. Takes n log n steps.</remarks>
public static class RevisionOrderChecker
{
    /// <summary>Checks a history.</summary>
    /// <param name="history">All operations, in any order.</param>
    /// <param name="bucketOf">The bucket of a key.</param>
    /// <param name="report">Takes what is wrong.</param>
    public static void Check(IReadOnlyList<ClientOperation> history, Func<StoreKey, BucketId> bucketOf, Action<Violation> report)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(bucketOf);
        ArgumentNullException.ThrowIfNull(report);
        var tellings = history.Where(operation => operation.Fate == OperationFate.Decided).Select(operation => Tell(operation, bucketOf)).Where(telling => telling.Revision != Revision.None);
        foreach (var bucket in tellings.GroupBy(telling => telling.Bucket))
        {
            Check(bucket.Key, [.. bucket], report);
        }
    }

    private static void Check(BucketId bucket, List<Telling> tellings, Action<Violation> report)
    {
        var changes = new Dictionary<Revision, Telling>();
        foreach (var change in tellings.Where(telling => telling.IsChange))
        {
            if (!changes.TryAdd(change.Revision, change))
            {
                report(new Violation(VerifiedProperty.RevisionOrder, $"bucket {bucket}: two changes were told revision {change.Revision}: at {changes[change.Revision].End} and at {change.End}"));
            }
        }

        var byEnd = tellings.OrderBy(telling => telling.End).ToList();
        var ended = 0;
        Telling? highest = null;
        foreach (var telling in tellings.OrderBy(telling => telling.Begin))
        {
            for (; byEnd[ended].End < telling.Begin; ended++)
            {
                highest = highest is null || byEnd[ended].Revision > highest.Value.Revision ? byEnd[ended] : highest;
            }

            if (highest is { } earlier && (telling.Revision < earlier.Revision || (telling.IsChange && telling.Revision == earlier.Revision)))
            {
                report(new Violation(
                    VerifiedProperty.RevisionOrder,
                    $"bucket {bucket}: revision {earlier.Revision} was told at {earlier.End}, and what began at {telling.Begin} {(telling.IsChange ? "made" : "saw")} revision {telling.Revision}"));
            }
        }
    }

    private static Telling Tell(ClientOperation operation, Func<StoreKey, BucketId> bucketOf)
    {
        var (key, revision, isChange) = operation switch
        {
            ReadOperation read => (read.Key, read.Result!.Revision, false),
            WriteOperation write => (
                write.Transaction.Operations.Length > 0 ? write.Transaction.Operations[0].Key : write.Transaction.Guards[0].Key,
                write.Result!.Revision,
                write.Result.Status == WriteStatus.Applied && write.Transaction.Operations.Length > 0),
            _ => throw new ArgumentException($"{operation.GetType().Name} is no operation that can be checked.", nameof(operation)),
        };
        return new Telling(bucketOf(key), operation.Begin, operation.End!.Value, revision, isChange);
    }

    private readonly record struct Telling(BucketId Bucket, TimeSpan Begin, TimeSpan End, Revision Revision, bool IsChange);
}
