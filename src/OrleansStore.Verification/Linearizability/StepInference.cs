namespace OrleansStore.Verification.Linearizability;

/// <summary>What follows from all answers together, before any order is tried.</summary>
/// <remarks>Where every write has a value of its own this leaves little to search: an uncertain write whose value was seen has happened.</remarks>
internal static class StepInference
{
    public static Step[] Infer(Step[] steps, Contents contents)
    {
        steps = [.. steps];
        while (TryConfirm(steps, contents))
        {
        }

        MergeUnobserved(steps, contents);
        Classify(steps);
        return steps;
    }

    /// <summary>Whatever only one step wrote and another one saw was written: before the one that saw it ended, and at the revision that it saw.</summary>
    private static bool TryConfirm(Step[] steps, Contents contents)
    {
        var writers = FindOnlyWriters(steps, contents);
        var isAnyConfirmed = false;
        foreach (var (key, value, revision, end) in steps.SelectMany(step => Observations(step, contents)).ToList())
        {
            if (writers.GetValueOrDefault((key, value), -1) is var place && place < 0)
            {
                continue;
            }

            // An uncertain write that was seen before it was sent stays what it is: the search will say so.
            var writer = steps[place];
            if (writer.Kind == StepKind.Uncertain && writer.Begin <= end)
            {
                steps[place] = writer with { Kind = StepKind.Applied, End = end, Revision = revision };
                isAnyConfirmed = true;
            }
            else if (writer.Kind == StepKind.Applied && ((writer.Revision == 0 && revision != 0) || (writer.End > end && writer.Begin <= end)))
            {
                steps[place] = writer with { End = writer.Begin <= end && end < writer.End ? end : writer.End, Revision = writer.Revision == 0 ? revision : writer.Revision };
                isAnyConfirmed = true;
            }
        }

        return isAnyConfirmed;
    }

    /// <summary>The places of the steps that alone write a value to a key; -1 where several do.</summary>
    private static Dictionary<(int Key, int Value), int> FindOnlyWriters(Step[] steps, Contents contents)
    {
        var writers = new Dictionary<(int, int), int>();
        for (var place = 0; place < steps.Length; place++)
        {
            if (steps[place].Kind is not (StepKind.Applied or StepKind.Uncertain))
            {
                continue;
            }

            foreach (var change in steps[place].Changes)
            {
                var written = (change.Key, contents.ValueOf(change.Content));
                writers[written] = writers.ContainsKey(written) ? -1 : place;
            }
        }

        return writers;
    }

    /// <summary>The values that a step is known to have seen, with the revisions that it was told.</summary>
    private static IEnumerable<(int Key, int Value, ulong Revision, TimeSpan End)> Observations(Step step, Contents contents)
    {
        if (step.Kind == StepKind.Read && step.Content != 0)
        {
            yield return (step.Keys[0], contents.ValueOf(step.Content), step.RecordRevision, step.End);
        }

        if (step.Kind is StepKind.Applied or StepKind.Missing)
        {
            foreach (var condition in step.Conditions)
            {
                if (condition.Kind == GuardKind.ValueEquals)
                {
                    yield return (condition.Key, condition.Value, 0, step.End);
                }
            }
        }
    }

    /// <summary>Contents that no read saw and no guard speaks of are all one.</summary>
    private static void MergeUnobserved(Step[] steps, Contents contents)
    {
        var observed = steps.Where(step => step.Kind == StepKind.Read).Select(step => (step.Keys[0], contents.ValueOf(step.Content)))
            .Concat(steps.SelectMany(step => step.Conditions).Select(condition => (condition.Key, condition.Value)))
            .ToHashSet();
        for (var place = 0; place < steps.Length; place++)
        {
            steps[place] = steps[place] with
            {
                Changes = Array.ConvertAll(
                    steps[place].Changes,
                    change => change.Content == 0 || observed.Contains((change.Key, contents.ValueOf(change.Content))) ? change : change with { Content = Contents.Unobserved }),
            };
        }
    }

    /// <summary>Uncertain steps without guards that change the same keys in the same way are alike.</summary>
    private static void Classify(Step[] steps)
    {
        var classes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var step in steps)
        {
            if (step.Kind == StepKind.Uncertain && step.Conditions.Length == 0)
            {
                var name = string.Join(',', step.Changes.OrderBy(change => change.Key).Select(change => $"{change.Key}={change.Content}"));
                classes.TryAdd(name, classes.Count + 1);
                step.Class = classes[name];
            }
        }
    }
}
