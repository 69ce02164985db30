using System.Collections.Immutable;
using OrleansStore.Buckets.History;
using OrleansStore.Buckets.Records;

namespace OrleansStore.Buckets.StateMachine;

/// <content>Transactions on records.</content>
public sealed partial class BucketState
{
    /// <summary>Tries the guards of a transaction on the records as they are; changes nothing.</summary>
    /// <returns>The index of the first guard that does not hold; -1 if all hold.</returns>
    /// <remarks>A leader may answer from this instead of the log only where it could serve a linearizable read and no earlier proposal that is still
    /// pending touches one of the keys. Such an answer is not remembered.</remarks>
    public int FindFailedGuard(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        for (var i = 0; i < transaction.Guards.Length; i++)
        {
            if (!Holds(transaction.Guards[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private WriteResult Run(Transaction transaction)
    {
        var failed = FindFailedGuard(transaction);
        if (failed >= 0)
        {
            return new WriteResult(WriteStatus.PreconditionFailed, Revision) { FailedGuard = failed };
        }

        var outcomes = ImmutableArray.CreateBuilder<OperationOutcome>(transaction.Operations.Length);
        var missing = 0;
        foreach (var operation in transaction.Operations)
        {
            var outcome = operation.Kind == OperationKind.Put ? PutRecord(operation) : DeleteRecord(operation.Key);
            missing += outcome == OperationOutcome.Missing ? 1 : 0;
            outcomes.Add(outcome);
        }

        // All operations found nothing to do: a status of its own. A transaction of guards only was applied.
        var status = missing > 0 && missing == outcomes.Count ? WriteStatus.NotFound : WriteStatus.Applied;
        return new WriteResult(status, Revision) { Operations = outcomes.MoveToImmutable() };
    }

    private bool Holds(Guard guard)
    {
        var exists = Records.TryGet(guard.Key, out var record);
        return guard.Kind switch
        {
            GuardKind.Exists => exists,
            GuardKind.NotExists => !exists,
            GuardKind.RevisionIn => exists && guard.Revisions.Contains(record.ModifyRevision),
            GuardKind.RevisionNotIn => !exists || !guard.Revisions.Contains(record.ModifyRevision),
            _ => exists && record.Value.Span.SequenceEqual(guard.Value.Span),
        };
    }

    private OperationOutcome PutRecord(Operation put)
    {
        var replaces = Records.TryGet(put.Key, out var previous);
        var revision = BeginChange();
        var record = PackedRecord.Pack(
            put,
            create: replaces ? previous.CreateRevision : revision,
            modify: revision,
            version: replaces ? previous.Version + 1 : 1,
            put.Expiry.EndsAt(AppliedTime));
        _records.Put(record);
        AddEvent(ChangeKind.Put, record);
        return replaces ? OperationOutcome.Replaced : OperationOutcome.Created;
    }

    private OperationOutcome DeleteRecord(StoreKey key)
    {
        if (!Records.TryGet(key, out var record))
        {
            return OperationOutcome.Missing;
        }

        RemoveRecord(ByKey.Of(record.Item), ChangeKind.Delete);
        return OperationOutcome.Deleted;
    }

    private void RemoveRecord(ReadOnlySpan<byte> mapKey, ChangeKind kind)
    {
        _records.Remove(mapKey);
        AddEvent(kind, PackedRecord.PackTombstone(mapKey, BeginChange()));
    }

    /// <summary>Raises the revision, once per command: expirations and operations of a command share it.</summary>
    private Revision BeginChange()
    {
        if (_eventCount == 0)
        {
            Revision = Revision.Next;
        }

        return Revision;
    }
}
