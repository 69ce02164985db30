using OrleansStore.Verification.Histories;

namespace OrleansStore.Verification.Linearizability;

/// <summary>Makes a history that is not linearizable small by forgetting facts, as long as what is left is still not.</summary>
/// <remarks>Each way of forgetting only widens what could have happened: an observation is left out, an acknowledged write becomes one of unknown outcome, a revision becomes unknown. A
/// write of unknown outcome is left out only at the end and where nothing that is left could have observed it.</remarks>
/// <param name="options">The bounds.</param>
/// <param name="confirms">Whether each refusal on the way is confirmed by a plain search.</param>
internal sealed class CounterexampleShrinker(LinearizabilityOptions options, bool confirms)
{
    private int _searchesLeft = options.MaxShrinkSearches;
    private long _stepsLeft = options.MaxStepsPerComponent;

    public IReadOnlyList<ClientOperation> Shrink(IReadOnlyList<ClientOperation> history)
    {
        var small = CutAtFirstContradiction(history);
        small = Forget(small, LeaveOutObservation);
        small = Forget(small, DoubtWrite);
        small = Forget(small, LeaveOutObservation);
        small = Forget(small, ForgetOutcomes);
        small = Forget(small, ForgetRevisions);
        small = Forget(small, DoubtWrite);
        return [.. LeaveOutUnseen(small).OrderBy(operation => operation.Begin)];
    }

    /// <summary>Prefixes of a linearizable history are linearizable, so there is a first answer that contradicts what was before.</summary>
    private IReadOnlyList<ClientOperation> CutAtFirstContradiction(IReadOnlyList<ClientOperation> history)
    {
        var ends = history.Where(operation => operation.Fate == OperationFate.Decided).Select(operation => operation.End!.Value).Distinct().Order().ToList();
        var (low, high) = (0, ends.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (IsContradiction(CutAt(history, ends[middle])))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        var cut = CutAt(history, ends[low]);
        return IsContradiction(cut) ? cut : history;
    }

    private static List<ClientOperation> CutAt(IReadOnlyList<ClientOperation> history, TimeSpan end) =>
        [.. history.Where(operation => operation.Begin <= end).Select(operation => operation.End <= end ? operation : Doubt(operation)).OfType<ClientOperation>()];

    /// <summary>Applies a way of forgetting to as many operations as possible: to large runs of them first, then to smaller ones.</summary>
    private IReadOnlyList<ClientOperation> Forget(IReadOnlyList<ClientOperation> history, Func<ClientOperation, ClientOperation?> weaken)
    {
        for (var size = Math.Max(1, history.Count / 2); size > 0; size /= 2)
        {
            for (var start = 0; start < history.Count;)
            {
                var candidate = new List<ClientOperation>(history.Count);
                for (var i = 0; i < history.Count; i++)
                {
                    if ((i < start || i >= start + size ? history[i] : weaken(history[i])) is { } operation)
                    {
                        candidate.Add(operation);
                    }
                }

                if (!candidate.SequenceEqual(history) && IsContradiction(candidate))
                {
                    // What was left out no longer takes up room in the run.
                    start += size - (history.Count - candidate.Count);
                    history = candidate;
                }
                else
                {
                    start += size;
                }
            }
        }

        return history;
    }

    /// <summary>Whether the history is still refused; false where the bounds leave no room to find out.</summary>
    private bool IsContradiction(List<ClientOperation> history)
    {
        if (--_searchesLeft < 0 || _stepsLeft <= 0)
        {
            return false;
        }

        var outcome = LinearizabilityChecker.Search(history, Math.Min(_stepsLeft, options.MaxStepsPerComponent / 10), confirms);
        _stepsLeft -= outcome.StepsTried + history.Count;
        return outcome.Verdict == LinearizabilityVerdict.NotLinearizable;
    }

    private static ClientOperation? LeaveOutObservation(ClientOperation operation) =>
        operation is ReadOperation || operation is WriteOperation { Fate: OperationFate.Decided, Result.Status: not WriteStatus.Applied } ? null : operation;

    private static ClientOperation? DoubtWrite(ClientOperation operation) => operation is WriteOperation ? Doubt(operation) : operation;

    private static ClientOperation? Doubt(ClientOperation operation) => operation is WriteOperation write ? write with { End = null, Result = null } : null;

    private static ClientOperation? ForgetOutcomes(ClientOperation operation) =>
        operation is WriteOperation { Result: { } result } write ? write with { Result = result with { Operations = [], DurableCopies = 0 } } : operation;

    private static ClientOperation? ForgetRevisions(ClientOperation operation) => operation switch
    {
        WriteOperation { Result: { } result } write => write with { Result = result with { Revision = Revision.None } },
        ReadOperation { Result: { } result } read => read with
        {
            Result = result with { Revision = Revision.None, Record = result.Record is { } record ? record with { ModifyRevision = Revision.None } : null },
        },
        _ => operation,
    };

    private static IEnumerable<ClientOperation> LeaveOutUnseen(IReadOnlyList<ClientOperation> history)
    {
        var observations = history.Where(operation => operation.Fate == OperationFate.Decided).ToList();
        return history.Where(operation => operation is not WriteOperation { Fate: OperationFate.Unknown } write || observations.Exists(seen => CouldObserve(seen, write)));
    }

    private static bool CouldObserve(ClientOperation seen, WriteOperation write) => write.Transaction.Operations.Any(change => seen switch
    {
        ReadOperation read => read.Key == change.Key && (read.Result!.Record is { } record
            ? change.Kind == OperationKind.Put && record.Value.Span.SequenceEqual(change.Value.Span)
            : change.Kind == OperationKind.Delete),
        WriteOperation other => other.Transaction.Guards.Any(guard => guard.Key == change.Key)
            || (!other.Result!.Operations.IsEmpty && other.Transaction.Operations.Any(theirs => theirs.Key == change.Key)),
        _ => true,
    });
}
