using OrleansStore.Verification.Histories;

namespace OrleansStore.Verification.Linearizability;

/// <summary>Turns the operations of one component into <see cref="Step"/>s.</summary>
internal sealed class StepCompiler(Contents contents)
{
    private readonly Dictionary<StoreKey, int> _keys = [];

    public int KeyCount => _keys.Count;

    /// <summary>Compiles what says anything; operations without effect are left out, and so are reads without an answer.</summary>
    /// <returns>The decided steps by begin, then the uncertain ones by begin, each with its index.</returns>
    public Step[] Compile(IEnumerable<ClientOperation> operations)
    {
        var compiled = operations.Where(operation => operation.Fate != OperationFate.WithoutEffect).Select(Compile).ToArray();
        var steps = StepInference.Infer(compiled, contents).OrderBy(step => step.Kind == StepKind.Uncertain).ThenBy(step => step.Begin).ToArray();
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i].Index = i;
        }

        return steps;
    }

    private Step Compile(ClientOperation operation) => operation is ReadOperation read ? Compile(read) : Compile((WriteOperation)operation);

    private Step Compile(ReadOperation read)
    {
        var record = read.Result!.Record;
        return new Step
        {
            Kind = StepKind.Read,
            Operation = read,
            End = read.End!.Value,
            Keys = [NumberOf(read.Key)],
            Content = record is null ? 0 : contents.NumberOf(record.Value, record.ContentType),
            RecordRevision = record?.ModifyRevision.Value ?? 0,
            Revision = read.Result.Revision.Value,
        };
    }

    private Step Compile(WriteOperation write)
    {
        var outcomes = write.Fate == OperationFate.Decided ? write.Result!.Operations : [];
        var conditions = write.Transaction.Guards.Select(Compile).ToArray();
        var changes = write.Transaction.Operations.Select((operation, i) => Compile(operation, i < outcomes.Length ? outcomes[i] : null)).ToArray();
        return new Step
        {
            Kind = write.Fate == OperationFate.Unknown ? StepKind.Uncertain : write.Result!.Status switch
            {
                WriteStatus.Applied => StepKind.Applied,
                WriteStatus.NotFound => StepKind.Missing,
                _ => StepKind.Rejected,
            },
            Operation = write,
            End = write.Fate == OperationFate.Unknown ? TimeSpan.MaxValue : write.End!.Value,
            Keys = [.. conditions.Select(condition => condition.Key).Concat(changes.Select(change => change.Key)).Distinct()],
            Conditions = conditions,
            Changes = changes,
            FailedCondition = write.Fate == OperationFate.Decided ? write.Result!.FailedGuard : null,
            Revision = write.Fate == OperationFate.Decided ? write.Result!.Revision.Value : 0,
        };
    }

    private Condition Compile(Guard guard) => new(
        guard.Kind,
        NumberOf(guard.Key),
        guard.Kind == GuardKind.ValueEquals ? contents.NumberOfValue(guard.Value) : 0,
        [.. guard.Revisions.Select(revision => revision.Value)]);

    private Change Compile(Operation operation, OperationOutcome? outcome)
    {
        // A record that ends by itself would have to be modelled as one that may be gone at any later moment; the checkers' workloads write none.
        if (operation.Kind == OperationKind.Put && operation.Expiry != default)
        {
            throw new ArgumentException("Histories with records that expire cannot be checked.");
        }

        return new Change(
            NumberOf(operation.Key),
            operation.Kind == OperationKind.Put ? contents.NumberOf(operation.Value, operation.ContentType) : 0,
            outcome is null ? null : outcome is OperationOutcome.Replaced or OperationOutcome.Deleted);
    }

    private int NumberOf(StoreKey key)
    {
        if (!_keys.TryGetValue(key, out var number))
        {
            _keys.Add(key, number = _keys.Count);
        }

        return number;
    }
}
