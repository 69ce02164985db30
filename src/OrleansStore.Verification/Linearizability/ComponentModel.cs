namespace OrleansStore.Verification.Linearizability;

/// <summary>What the store would do: the sequential specification that an order of steps is measured by.</summary>
/// <param name="contents">The numbers of the contents.</param>
/// <param name="tellsRevisions">Whether anything in the component speaks of revisions; otherwise none are kept, so that fewer states differ.</param>
/// <param name="ownRevisions">The revisions that decided changes were told: nothing else has one of them.</param>
internal sealed class ComponentModel(Contents contents, bool tellsRevisions, HashSet<ulong> ownRevisions)
{
    /// <summary>Lets a step take effect if the answer it got is the one that this state gives.</summary>
    /// <param name="step">The step.</param>
    /// <param name="state">The state; changed also where the result is false.</param>
    /// <param name="floor">Of an uncertain step: a revision that its own must exceed.</param>
    public bool TryApply(Step step, ComponentState state, ulong floor = 0) => step.Kind switch
    {
        StepKind.Read => TryRead(step, state),
        StepKind.Rejected => IsRejected(step, state) && TryObserve(step, state),
        StepKind.Missing => HoldAll(step, state) && Array.TrueForAll(step.Changes, change => change.Content == 0 && state.ContentOf(change.Key) == 0) && TryObserve(step, state),
        StepKind.Applied => HoldAll(step, state) && TryChange(step, state),
        _ => HoldAll(step, state) && TryChangeUnseen(step, state, floor),
    };

    /// <summary>The least revision above another one that no decided change was told.</summary>
    public ulong LeastAbove(ulong floor)
    {
        var least = floor + 1;
        while (ownRevisions.Contains(least))
        {
            least++;
        }

        return least;
    }

    private bool TryRead(Step step, ComponentState state)
    {
        var key = step.Keys[0];
        if (state.ContentOf(key) != step.Content)
        {
            return false;
        }

        return (step.Content == 0 || step.RecordRevision == 0 || TryBind(state, key, step.RecordRevision)) && TryObserve(step, state);
    }

    private bool TryBind(ComponentState state, int key, ulong revision)
    {
        var (low, high) = state.RevisionOf(key);
        if (revision < low || revision > high || (low != high && ownRevisions.Contains(revision)))
        {
            return false;
        }

        state.Narrow(key, revision, revision);
        return true;
    }

    private static bool TryObserve(Step step, ComponentState state) =>
        step.Revision == 0 || (step.Revision >= state.LastRevision && state.TryAdvance(step.Revision, isOwn: false));

    private bool IsRejected(Step step, ComponentState state)
    {
        if (step.FailedCondition is { } failed)
        {
            return failed < step.Conditions.Length && HoldAll(step.Conditions.AsSpan(0, failed), state) && CanFail(step.Conditions[failed], state);
        }

        return Array.Exists(step.Conditions, condition => CanFail(condition, state));
    }

    private bool HoldAll(Step step, ComponentState state) => HoldAll(step.Conditions, state);

    private bool HoldAll(ReadOnlySpan<Condition> conditions, ComponentState state)
    {
        foreach (var condition in conditions)
        {
            if (!TryHold(condition, state))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryHold(Condition condition, ComponentState state)
    {
        var content = state.ContentOf(condition.Key);
        return condition.Kind switch
        {
            GuardKind.Exists => content != 0,
            GuardKind.NotExists => content == 0,
            GuardKind.ValueEquals => contents.ValueOf(content) == condition.Value,
            GuardKind.RevisionIn => content != 0 && TryHoldRevision(condition, state),
            _ => content == 0 || CanDiffer(condition, state),
        };
    }

    private bool CanFail(Condition condition, ComponentState state)
    {
        var content = state.ContentOf(condition.Key);
        return condition.Kind switch
        {
            GuardKind.Exists => content == 0,
            GuardKind.NotExists => content != 0,
            GuardKind.ValueEquals => contents.ValueOf(content) != condition.Value,
            GuardKind.RevisionIn => content == 0 || CanDiffer(condition, state),
            _ => content != 0 && TryHoldRevision(condition, state),
        };
    }

    /// <summary>The record has one of the listed revisions. Where more than one of them is possible the range is only narrowed to their hull, and
    /// that it has none of them narrows nothing: the verdict may then be too mild, never too harsh.</summary>
    private bool TryHoldRevision(Condition condition, ComponentState state)
    {
        var (low, high) = state.RevisionOf(condition.Key);
        var (least, most) = (ulong.MaxValue, 0UL);
        foreach (var revision in condition.Revisions)
        {
            if (revision >= low && revision <= high && (low == high || !ownRevisions.Contains(revision)))
            {
                (least, most) = (Math.Min(least, revision), Math.Max(most, revision));
            }
        }

        if (least > most)
        {
            return false;
        }

        state.Narrow(condition.Key, least, most);
        return true;
    }

    private static bool CanDiffer(Condition condition, ComponentState state)
    {
        var (low, high) = state.RevisionOf(condition.Key);
        return low != high || Array.IndexOf(condition.Revisions, low) < 0;
    }

    private bool TryChange(Step step, ComponentState state)
    {
        if (!TryMatchOutcomes(step, state, out var changes))
        {
            return false;
        }

        if (changes == 0)
        {
            // Only guards, or a mistake of the store: an applied transaction with operations has changed something.
            return step.Changes.Length == 0 && TryObserve(step, state);
        }

        if (step.Revision == 0)
        {
            PerformUntold(step, state, state.LastRevision);
            return true;
        }

        if (step.Revision <= state.LastRevision || !state.TryAdvance(step.Revision, isOwn: true))
        {
            return false;
        }

        Perform(step, state, step.Revision, step.Revision, -1);
        return true;
    }

    private bool TryChangeUnseen(Step step, ComponentState state, ulong floor)
    {
        // One that changes nothing explains nothing.
        if (!TryMatchOutcomes(step, state, out var changes) || changes == 0)
        {
            return false;
        }

        PerformUntold(step, state, floor);
        return true;
    }

    /// <summary>Performs a change whose revision nobody was told: it is above <paramref name="floor"/> and belongs to nothing else.</summary>
    private void PerformUntold(Step step, ComponentState state, ulong floor)
    {
        if (!tellsRevisions)
        {
            Perform(step, state, 1, 1, -1);
            return;
        }

        var low = LeastAbove(floor);
        state.RaiseTo(low);
        Perform(step, state, low, ulong.MaxValue, step.Index);
    }

    private static bool TryMatchOutcomes(Step step, ComponentState state, out int changes)
    {
        changes = 0;
        foreach (var change in step.Changes)
        {
            var existed = state.ContentOf(change.Key) != 0;
            if (change.Existed is { } told && told != existed)
            {
                return false;
            }

            changes += change.Content != 0 || existed ? 1 : 0;
        }

        return true;
    }

    private static void Perform(Step step, ComponentState state, ulong low, ulong high, int writer)
    {
        foreach (var change in step.Changes)
        {
            if (change.Content == 0)
            {
                state.Delete(change.Key);
            }
            else
            {
                state.Put(change.Key, change.Content, low, high, writer);
            }
        }
    }
}
