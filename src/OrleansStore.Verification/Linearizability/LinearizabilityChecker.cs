using OrleansStore.Verification.Histories;

namespace OrleansStore.Verification.Linearizability;

/// <summary>Decides whether the answers that clients got could have come from one copy of the data that does one thing at a time.</summary>
/// <remarks>
/// <para>The model is the store's: records with values, content types and modify revisions; transactions with all kinds of guards; the bucket's revision in each answer, which must rise
/// strictly with every change and never fall. Writes of unknown outcome may take effect once, at any time after they began, or never.</para>
/// <para>What it does not use: create revisions and versions of records, flags and owners. The verdict is too harsh at most for histories of many writes of unknown outcome, whose refusal could not be
/// confirmed within the bound. It may be too mild where revisions matter that nobody
/// was told: a guard on the revision of a record of unknown outcome, or such writes that only the order of revisions over several keys could tell apart.</para>
/// </remarks>
public static class LinearizabilityChecker
{
    /// <summary>Checks a history.</summary>
    /// <param name="history">The operations of all clients, in any order. Those without effect are left out.</param>
    /// <param name="options">The bounds; null for the defaults.</param>
    /// <exception cref="ArgumentException">A transaction puts a record that expires: such histories cannot be checked.</exception>
    public static LinearizabilityReport Check(IReadOnlyList<ClientOperation> history, LinearizabilityOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        options ??= new LinearizabilityOptions();
        var verdict = LinearizabilityVerdict.Linearizable;
        var telling = history.Where(operation => operation.Fate != OperationFate.WithoutEffect).ToList();
        var components = HistoryComponents.Divide(telling);
        var tried = 0L;
        foreach (var component in components)
        {
            var outcome = Search(component, options.MaxStepsPerComponent);
            tried += outcome.StepsTried;
            if (outcome.Verdict == LinearizabilityVerdict.NotLinearizable)
            {
                return new LinearizabilityReport(outcome.Verdict, telling.Count, components.Count, tried, Explain(component, options));
            }

            verdict = outcome.Verdict == LinearizabilityVerdict.Undecided ? outcome.Verdict : verdict;
        }

        return new LinearizabilityReport(verdict, telling.Count, components.Count, tried, null);
    }

    internal static SearchOutcome Search(IEnumerable<ClientOperation> component, long maxSteps, bool confirms = true)
    {
        var contents = new Contents();
        var compiler = new StepCompiler(contents);
        var steps = compiler.Compile(component);
        return new OrderSearch(steps, compiler.KeyCount, contents, maxSteps, confirms).Run();
    }

    private static Counterexample Explain(IReadOnlyList<ClientOperation> component, LinearizabilityOptions options)
    {
        // Mostly it does without confirming each refusal on the way, which would leave little of the bound; where it then went astray, not.
        var small = new CounterexampleShrinker(options, confirms: false).Shrink(component);
        var outcome = Search(small, options.MaxStepsPerComponent);
        if (outcome.Verdict != LinearizabilityVerdict.NotLinearizable)
        {
            small = new CounterexampleShrinker(options, confirms: true).Shrink(component);
            outcome = Search(small, options.MaxStepsPerComponent);
        }

        return new Counterexample(
            small, [.. outcome.Order.Select(step => step.Operation)], [.. outcome.Stuck.Select(step => step.Operation)], [.. component.OrderBy(operation => operation.Begin)]);
    }
}
