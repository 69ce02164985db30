namespace OrleansStore.Simulation;

/// <summary>Decides by search whether the history of one key could have come from a single register (Wing and Gong, with the memo of Lowe).</summary>
internal static class LinearizabilityChecker
{
    public const int MaxOperations = 128;

    /// <summary>Whether there is an order of the operations, each taking effect at one moment between its begin and its end, that explains all results.</summary>
    /// <param name="history">The operations on one key, at most <see cref="MaxOperations"/>. Those that failed are left out by the caller.</param>
    public static bool IsLinearizable(IReadOnlyList<SimOperation> history)
    {
        if (history.Count > MaxOperations)
        {
            throw new ArgumentException($"{history.Count} operations are more than {MaxOperations}.", nameof(history));
        }

        var operations = history.OrderBy(operation => operation.Begin).ToArray();
        var definite = UInt128.Zero;
        for (var i = 0; i < operations.Length; i++)
        {
            definite |= operations[i].Outcome == SimOutcome.Unknown ? 0 : UInt128.One << i;
        }

        return Search(operations, definite, done: 0, value: 0, []);
    }

    private static bool Search(SimOperation[] operations, UInt128 definite, UInt128 done, ulong value, HashSet<(UInt128, ulong)> seen)
    {
        if ((done & definite) == definite)
        {
            return true;
        }

        if (!seen.Add((done, value)))
        {
            return false;
        }

        // Nothing may take effect after the end of an operation that has not.
        var firstEnd = TimeSpan.MaxValue;
        for (var i = 0; i < operations.Length; i++)
        {
            if (!IsDone(done, i) && operations[i].Outcome != SimOutcome.Unknown && operations[i].End < firstEnd)
            {
                firstEnd = operations[i].End;
            }
        }

        for (var i = 0; i < operations.Length && operations[i].Begin <= firstEnd; i++)
        {
            if (!IsDone(done, i) && TryApply(operations[i], value, out var next) && Search(operations, definite, done | (UInt128.One << i), next, seen))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsDone(UInt128 done, int i) => (done >> i & 1) != 0;

    private static bool TryApply(SimOperation operation, ulong value, out ulong next)
    {
        next = value;
        switch (operation.Kind)
        {
            case SimOperationKind.Get:
                return operation.Outcome == SimOutcome.Unknown || operation.Value == value;
            case SimOperationKind.Put:
                next = operation.Value;
                return true;
            case SimOperationKind.Delete:
                next = 0;
                return operation.Outcome != SimOutcome.Rejected || value == 0;
            default:
                var holds = operation.Expected == value;
                next = holds && operation.Outcome != SimOutcome.Rejected ? operation.Value : value;
                return operation.Outcome == SimOutcome.Unknown || holds == (operation.Outcome == SimOutcome.Ok);
        }
    }
}
