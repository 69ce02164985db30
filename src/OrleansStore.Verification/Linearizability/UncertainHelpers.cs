namespace OrleansStore.Verification.Linearizability;

/// <summary>Tells which uncertain steps could ever be of use directly before a decided one. Found once for each, whatever the state is.</summary>
internal sealed class UncertainHelpers(Step[] uncertain, Contents contents)
{
    private readonly Dictionary<int, Step[]> _found = [];

    /// <summary>The uncertain steps, by begin, that could make a decided one possible, or that could enable a guarded one that could.</summary>
    public Step[] Of(Step decided)
    {
        if (!_found.TryGetValue(decided.Index, out var helpers))
        {
            _found.Add(decided.Index, helpers = Find(decided));
        }

        return helpers;
    }

    private Step[] Find(Step decided)
    {
        var isHelper = Array.ConvertAll(uncertain, step => MayComeLast(step, decided) || IsLastChance(step, decided));
        for (var isGrowing = true; isGrowing;)
        {
            isGrowing = false;
            for (var i = 0; i < uncertain.Length; i++)
            {
                if (!isHelper[i] && (uncertain.Where((other, place) => isHelper[place] && other.Conditions.Any(condition => uncertain[i].ChangesAny([condition.Key]))).Any()
                    || MayComeBefore(uncertain[i], decided, isHelper)))
                {
                    isHelper[i] = isGrowing = true;
                }
            }
        }

        return [.. uncertain.Where((_, i) => isHelper[i])];
    }

    /// <summary>Whether a step could be of use before helpers that make good what it spoils: one part of what it leaves is what the decided one needs, the rest is overwritten.</summary>
    private bool MayComeBefore(Step step, Step decided, bool[] isHelper) =>
        decided.Kind != StepKind.Read && step.Changes.Length > 1 && step.ChangesAny(decided.Keys)
        && Array.TrueForAll(step.Changes, change => IsAllowed(decided, change)
            || uncertain.Where((other, place) => isHelper[place] && other.ChangesAny([change.Key])).Any());

    /// <summary>Whether the decided step may spoil a guard of the uncertain one, whose changes something later needs: then this is the last place where it can be.</summary>
    private static bool IsLastChance(Step step, Step decided) => Array.Exists(step.Conditions, condition => decided.ChangesAny([condition.Key]));

    /// <summary>Whether the decided step could be possible directly after the uncertain one, as far as the keys go that this one changes.</summary>
    private bool MayComeLast(Step step, Step decided)
    {
        if (decided.Kind == StepKind.Read)
        {
            // What a read saw is what was written last before it.
            return Array.Exists(step.Changes, change => change.Key == decided.Keys[0] && change.Content == decided.Content);
        }

        return step.ChangesAny(decided.Keys) && Array.TrueForAll(step.Changes, change => IsAllowed(decided, change));
    }

    private bool IsAllowed(Step decided, Change left)
    {
        var existsAfter = left.Content != 0;
        if (decided.Kind != StepKind.Rejected && Array.Exists(decided.Changes, change => change.Key == left.Key && change.Existed is { } existed && existed != existsAfter))
        {
            return false;
        }

        for (var i = 0; i < decided.Conditions.Length; i++)
        {
            var condition = decided.Conditions[i];
            var isTold = decided.Kind != StepKind.Rejected || i <= decided.FailedCondition;
            if (condition.Key == left.Key && isTold && CouldHold(condition, left.Content) is { } holds && holds == (decided.Kind == StepKind.Rejected && i == decided.FailedCondition))
            {
                return false;
            }
        }

        return true;
    }

    /// <returns>Null where it depends on the revision.</returns>
    private bool? CouldHold(Condition condition, int content) => condition.Kind switch
    {
        GuardKind.Exists => content != 0,
        GuardKind.NotExists => content == 0,
        GuardKind.ValueEquals => contents.ValueOf(content) == condition.Value,
        GuardKind.RevisionIn => content == 0 ? false : null,
        _ => content == 0 ? true : null,
    };
}
