using OrleansStore.Verification.Histories;

namespace OrleansStore.Verification.Tests.Model;

/// <summary>Tries every order and every revision that a write of unknown outcome could have had. Shares no code with the checker; for histories of a few operations.</summary>
internal static class BruteForce
{
    public static bool IsLinearizable(IReadOnlyList<ClientOperation> history)
    {
        var telling = history.Where(operation => operation.Fate != OperationFate.WithoutEffect).ToList();
        var highest = telling.Max(operation => (ulong?)HighestRevision(operation)) ?? 0;
        return Search(telling, AtomicStore.Empty, highest + (ulong)telling.Count + 1);
    }

    private static bool Search(List<ClientOperation> left, AtomicStore store, ulong maxRevision)
    {
        if (left.TrueForAll(operation => operation.Fate == OperationFate.Unknown))
        {
            return true;
        }

        foreach (var next in left)
        {
            if (left.Exists(other => other.Fate == OperationFate.Decided && other.End < next.Begin))
            {
                continue;
            }

            var rest = left.Where(other => !ReferenceEquals(other, next)).ToList();

            // Changes of other keys of the bucket may have raised its revision in between.
            for (var revision = store.Revision; revision <= maxRevision; revision++)
            {
                if (After(next, store with { Revision = revision }) is { } after && Search(rest, after, maxRevision))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <returns>The store after the operation; null if it would have given another answer.</returns>
    private static AtomicStore? After(ClientOperation operation, AtomicStore store)
    {
        if (operation is ReadOperation read)
        {
            return IsSame(read.Result!, store.Read(read.Key)) ? store : null;
        }

        var write = (WriteOperation)operation;
        var (after, result) = store.Write(write.Transaction);
        return operation.Fate == OperationFate.Unknown || IsSame(write.Result!, result) ? after : null;
    }

    private static bool IsSame(ReadResult told, ReadResult found) =>
        told.Status == found.Status
        && IsSame(told.Revision, found.Revision)
        && (told.Record is null || (told.Record.Value.Span.SequenceEqual(found.Record!.Value.Span)
            && told.Record.ContentType == found.Record.ContentType
            && IsSame(told.Record.ModifyRevision, found.Record.ModifyRevision)));

    private static bool IsSame(WriteResult told, WriteResult found) =>
        told.Status == found.Status
        && IsSame(told.Revision, found.Revision)
        && (told.FailedGuard is null || told.FailedGuard == found.FailedGuard)
        && (told.Operations.IsEmpty || told.Operations.SequenceEqual(found.Operations));

    private static bool IsSame(Revision told, Revision found) => told == Revision.None || told == found;

    private static ulong HighestRevision(ClientOperation operation) => operation switch
    {
        ReadOperation { Result: { } result } => Math.Max(result.Revision.Value, result.Record?.ModifyRevision.Value ?? 0),
        WriteOperation write => Math.Max(
            write.Result?.Revision.Value ?? 0, write.Transaction.Guards.SelectMany(guard => guard.Revisions).Select(revision => revision.Value).DefaultIfEmpty().Max()),
        _ => 0,
    };
}
