using OrleansStore.Verification.Histories;
using OrleansStore.Verification.Nemesis.Workload;

namespace OrleansStore.Verification.Nemesis.Checks;

/// <summary>All records of a run by the family of their keys: each family is a history of its own, for nothing connects it with another.</summary>
internal sealed class RecordedHistory
{
    private readonly IReadOnlyList<OperationLog> _logs;
    private readonly KeyFamilies _families;

    // Records of a family: those from its start to the next one's, each as log and index.
    private readonly int[] _starts;
    private readonly (int Log, int Index)[] _places;

    public RecordedHistory(IReadOnlyList<OperationLog> logs, KeyFamilies families)
    {
        (_logs, _families) = (logs, families);
        FamilyCount = families.Count;
        _starts = new int[FamilyCount + 1];
        foreach (var log in logs)
        {
            for (var i = 0; i < log.Count; i++)
            {
                _starts[FamilyOf(log[i]) + 1]++;
            }
        }

        for (var family = 0; family < FamilyCount; family++)
        {
            _starts[family + 1] += _starts[family];
        }

        _places = new (int, int)[_starts[FamilyCount]];
        var next = _starts[..FamilyCount];
        for (var log = 0; log < logs.Count; log++)
        {
            for (var i = 0; i < logs[log].Count; i++)
            {
                _places[next[FamilyOf(logs[log][i])]++] = (log, i);
            }
        }
    }

    public int FamilyCount { get; }

    public int OperationCount => _places.Length;

    /// <summary>The records of a family, in no particular order.</summary>
    public IEnumerable<OperationRecord> RecordsOf(int family)
    {
        for (var i = _starts[family]; i < _starts[family + 1]; i++)
        {
            yield return _logs[_places[i].Log][_places[i].Index];
        }
    }

    /// <summary>The history of a family as the linearizability checker takes it.</summary>
    public List<ClientOperation> OperationsOf(int family) => [.. RecordsOf(family).Where(record => record.Status != WorkStatus.Failed).Select(record => ToOperation(record))];

    private static int FamilyOf(in OperationRecord record) => record.Key / KeyFamilies.Size;

    private ClientOperation ToOperation(OperationRecord record) => record.Kind == WorkKind.Get
        ? new ReadOperation(record.Client, record.BeginTime, record.EndTime, _families.KeyOf(record.Key), ToReadResult(record))
        : new WriteOperation(
            record.Client, record.BeginTime, record.Status == WorkStatus.Unknown ? null : record.EndTime, WorkRequest.Of(record, _families), ToWriteResult(record));

    private ReadResult ToReadResult(OperationRecord record)
    {
        if (record.Status == WorkStatus.NotFound)
        {
            return new ReadResult(ReadStatus.NotFound, null, Revision.None, LogIndex.None);
        }

        // What no client wrote becomes a value that no client wrote.
        var value = record.Value == WorkValue.Foreign ? [] : WorkValue.Encode(record.Value);
        var found = new StoreRecord
        {
            Key = _families.KeyOf(record.Key),
            Value = value,
            ValueBytes = value.Length,
            CreateRevision = Revision.None,
            ModifyRevision = new Revision(record.Revision),
            Version = 1,
        };
        return new ReadResult(ReadStatus.Found, found, Revision.None, LogIndex.None);
    }

    private static WriteResult? ToWriteResult(OperationRecord record) => record.Status switch
    {
        WorkStatus.Applied => new WriteResult(WriteStatus.Applied, new Revision(record.Revision)) { Operations = OutcomesOf(record) },
        WorkStatus.Missing => new WriteResult(WriteStatus.NotFound, new Revision(record.Revision)) { Operations = OutcomesOf(record) },
        WorkStatus.Rejected => new WriteResult(WriteStatus.PreconditionFailed, Revision.None) { FailedGuard = 0 },
        _ => null,
    };

    private static System.Collections.Immutable.ImmutableArray<OperationOutcome> OutcomesOf(OperationRecord record) =>
        record.Outcome == 0 ? [] : record.OtherOutcome == 0 ? [record.Outcome] : [record.Outcome, record.OtherOutcome];
}
