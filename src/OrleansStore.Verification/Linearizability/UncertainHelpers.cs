namespace OrleansStore.Verification.Linearizability;

/// <summary>Tells which uncertain steps could ever be of use directly before a decided one. Found once for each, whatever the state is.</summary>
internal sealed class UncertainHelpers(Step[] uncertain)
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
        var isHelper = Array.ConvertAll(uncertain, step => MayComeLast(step, decided));
        for (var isGrowing = true; isGrowing;)
        {
            isGrowing = false;
            for (var i = 0; i < uncertain.Length; i++)
            {
                if (!isHelper[i] && uncertain.Where((other, place) => isHelper[place] && other.Conditions.Any(condition => uncertain[i].ChangesAny([condition.Key]))).Any())
                {
                    isHelper[i] = isGrowing = true;
                }
            }
        }

        return [.. uncertain.Where((_, i) => isHelper[i])];
    }

    /// <summary>What a read saw is what was written last before it; anything else is only known to depend on the keys it touches.</summary>
    private static bool MayComeLast(Step step, Step decided) => decided.Kind == StepKind.Read
        ? Array.Exists(step.Changes, change => change.Key == decided.Keys[0] && change.Content == decided.Content)
        : step.ChangesAny(decided.Keys);
}
