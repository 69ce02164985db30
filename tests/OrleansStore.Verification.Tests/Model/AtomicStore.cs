using System.Collections.Immutable;

namespace OrleansStore.Verification.Tests.Model;

/// <summary>One bucket that does one thing at a time: the specification, written as plainly as can be. Immutable.</summary>
internal sealed record AtomicStore(ImmutableSortedDictionary<StoreKey, (string Value, string ContentType, ulong Revision)> Records, ulong Revision)
{
    public static readonly AtomicStore Empty = new(ImmutableSortedDictionary<StoreKey, (string, string, ulong)>.Empty, 0);

    public ReadResult Read(StoreKey key)
    {
        if (!Records.TryGetValue(key, out var found))
        {
            return new ReadResult(ReadStatus.NotFound, null, new Revision(Revision), LogIndex.None);
        }

        var record = new StoreRecord
        {
            Key = key, Value = Convert.FromHexString(found.Value), ValueBytes = found.Value.Length / 2, ContentType = found.ContentType,
            CreateRevision = new Revision(1), ModifyRevision = new Revision(found.Revision), Version = 1,
        };
        return new ReadResult(ReadStatus.Found, record, new Revision(Revision), LogIndex.None);
    }

    public (AtomicStore After, WriteResult Result) Write(Transaction transaction)
    {
        for (var i = 0; i < transaction.Guards.Length; i++)
        {
            if (!Holds(transaction.Guards[i]))
            {
                return (this, new WriteResult(WriteStatus.PreconditionFailed, new Revision(Revision)) { FailedGuard = i });
            }
        }

        var (records, outcomes) = (Records, new List<OperationOutcome>());
        foreach (var operation in transaction.Operations)
        {
            var isThere = records.ContainsKey(operation.Key);
            if (operation.Kind == OperationKind.Put)
            {
                records = records.SetItem(operation.Key, (Convert.ToHexString(operation.Value.Span), operation.ContentType, Revision + 1));
                outcomes.Add(isThere ? OperationOutcome.Replaced : OperationOutcome.Created);
            }
            else
            {
                records = records.Remove(operation.Key);
                outcomes.Add(isThere ? OperationOutcome.Deleted : OperationOutcome.Missing);
            }
        }

        if (outcomes.TrueForAll(outcome => outcome == OperationOutcome.Missing))
        {
            return (this, new WriteResult(outcomes.Count == 0 ? WriteStatus.Applied : WriteStatus.NotFound, new Revision(Revision)) { Operations = [.. outcomes] });
        }

        return (new AtomicStore(records, Revision + 1), new WriteResult(WriteStatus.Applied, new Revision(Revision + 1)) { Operations = [.. outcomes] });
    }

    private bool Holds(Guard guard)
    {
        var isThere = Records.TryGetValue(guard.Key, out var record);
        return guard.Kind switch
        {
            GuardKind.Exists => isThere,
            GuardKind.NotExists => !isThere,
            GuardKind.ValueEquals => isThere && record.Value == Convert.ToHexString(guard.Value.Span),
            GuardKind.RevisionIn => isThere && guard.Revisions.Contains(new Revision(record.Revision)),
            _ => !isThere || !guard.Revisions.Contains(new Revision(record.Revision)),
        };
    }
}
