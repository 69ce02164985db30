namespace OrleansStore.Verification.Linearizability;

/// <summary>Looks for an order of the steps of one component that explains all answers: Wing and Gong's search, with Lowe's list and memo.</summary>
/// <remarks>
/// <para>Three things keep it short. Known revisions must rise along the order, so among steps that overlap mostly one can come next. An uncertain step is placed
/// only as late as it can be, directly before a step that could not be where it is, or would leave something else behind, without it; one that is never needed is never placed, and of several that are
/// alike only the first is tried. And the memo cuts off what was tried in vain.</para>
/// <para>Placed late, an uncertain step may really have happened earlier: its revision is taken to lie anywhere after the earliest place that it could have been moved to. That place is not always found, so
/// that an order can be missed. What finds none is run again as a plain search: uncertain steps may then be wherever they could have happened, whether or not they are needed there. Where that one, which
/// grows with the subsets of the uncertain steps, comes to no end, the refusal stands.</para>
/// </remarks>
internal sealed class OrderSearch
{
    // Of the steps that may be tried, the plain search may try this part.
    private const int PlainShare = 10;

    private readonly Step[] _byRevision;
    private readonly ComponentModel _model;
    private readonly EventList _events;
    private readonly List<Step> _wide;
    private readonly UncertainHelpers _helpers;
    private readonly ulong[] _done;
    private readonly Dictionary<int, List<Step>> _classes;
    private readonly VisitedPlaces _visited = new();
    private readonly int _keys;
    private readonly long _maxSteps;
    private readonly Step[] _uncertain;
    private readonly bool _confirms;
    private bool _isPlain;
    private long _limit;
    private ComponentState _scratch;
    private readonly ComponentState _test;
    private int _left;
    private int _maxDetours;
    private bool _isDetourLeftOut;
    private long _tried;

    /// <param name="steps">The decided steps by begin, then the uncertain ones.</param>
    /// <param name="keys">How many keys they touch.</param>
    /// <param name="contents">The numbers of the contents.</param>
    /// <param name="maxSteps">After how many trials to give up.</param>
    /// <param name="confirms">Whether a refusal is confirmed by a plain search.</param>
    public OrderSearch(Step[] steps, int keys, Contents contents, long maxSteps, bool confirms)
    {
        _keys = keys;
        _confirms = confirms;
        _maxSteps = maxSteps;
        var decided = Array.FindAll(steps, step => step.Kind != StepKind.Uncertain);
        _left = decided.Length;
        _byRevision = [.. decided.Where(step => step.Revision != 0).OrderBy(step => step.Revision).ThenBy(step => !step.IsChange)];
        var tellsRevisions = Array.Exists(steps, step => step.Revision != 0 || step.RecordRevision != 0 || Array.Exists(step.Conditions, condition => condition.Revisions.Length > 0));
        _model = new ComponentModel(contents, tellsRevisions, [.. decided.Where(step => step.IsChange && step.Revision != 0).Select(step => step.Revision)]);
        _events = new EventList(decided);
        _uncertain = Array.FindAll(steps, step => step.Kind == StepKind.Uncertain);
        _helpers = new UncertainHelpers(_uncertain, contents);
        _wide = [.. _uncertain.Where(step => step.Keys.Length > 1)];
        _classes = steps.Where(step => step.Class != 0).GroupBy(step => step.Class).ToDictionary(alike => alike.Key, alike => alike.ToList());
        _done = new ulong[(steps.Length + 63) / 64];
        _scratch = ComponentState.Create(keys);
        _test = ComponentState.Create(keys);
    }

    public SearchOutcome Run()
    {
        // Detours are seldom needed and cost most: few are allowed first.
        _limit = _maxSteps;
        SearchOutcome outcome = null!;
        foreach (var maxDetours in (ReadOnlySpan<int>)[0, 1, 4, int.MaxValue])
        {
            (_maxDetours, _isDetourLeftOut) = (maxDetours, false);
            _visited.Clear();
            outcome = RunOnce();
            if (outcome.Verdict != LinearizabilityVerdict.NotLinearizable)
            {
                return outcome;
            }

            if (!_isDetourLeftOut)
            {
                break;
            }
        }

        if (!_confirms)
        {
            return outcome;
        }

        _isPlain = true;
        _limit = _tried + Math.Max(1, _maxSteps / PlainShare);
        _visited.Clear();
        var plain = RunOnce();
        return plain.Verdict == LinearizabilityVerdict.Undecided ? outcome with { StepsTried = _tried } : plain;
    }

    private SearchOutcome RunOnce()
    {
        var frame = new SearchFrame(null, null, ComponentState.Create(_keys), CandidatesFrom(0), 0, 0);
        var deepest = (Left: _left, Frame: frame);
        while (_left > 0)
        {
            if (_tried > _limit)
            {
                return new SearchOutcome(LinearizabilityVerdict.Undecided, [], [], _tried);
            }

            if (TryPlaceNext(frame) is { } next)
            {
                frame = next;
                deepest = _left < deepest.Left ? (_left, frame) : deepest;
            }
            else if (frame.Parent is { } parent)
            {
                TakeBack(frame.Step!);
                frame = parent;
            }
            else
            {
                return new SearchOutcome(LinearizabilityVerdict.NotLinearizable, OrderUpTo(deepest.Frame), deepest.Frame.Candidates, _tried);
            }
        }

        return new SearchOutcome(LinearizabilityVerdict.Linearizable, OrderUpTo(frame), [], _tried);
    }

    private static List<Step> OrderUpTo(SearchFrame frame)
    {
        var order = new List<Step>();
        for (var place = frame; place.Step is { } step; place = place.Parent!)
        {
            order.Add(step);
        }

        order.Reverse();
        return order;
    }

    private SearchFrame? TryPlaceNext(SearchFrame frame)
    {
        while (frame.Tried < frame.Candidates.Length)
        {
            var candidate = frame.Candidates[frame.Tried++];
            if (TryPlace(frame, candidate, candidate) is { } next)
            {
                return next;
            }
        }

        return _isPlain ? TryPlaceUncertain(frame) : TryPlaceHelper(frame);
    }

    /// <summary>In a plain search: any uncertain step that could have happened by now.</summary>
    private SearchFrame? TryPlaceUncertain(SearchFrame frame)
    {
        while (frame.HelpersTried < _uncertain.Length && _uncertain[frame.HelpersTried].Begin <= _events.FirstEnd)
        {
            var step = _uncertain[frame.HelpersTried++];
            if (!IsDone(step) && IsFirstOfItsClass(step) && TryPlace(frame, step, step) is { } next)
            {
                return next;
            }
        }

        return null;
    }

    private SearchFrame? TryPlaceHelper(SearchFrame frame)
    {
        // None of the decided ones, or not for good: perhaps with uncertain ones before them.
        for (; frame.Helped < frame.Candidates.Length; frame.Helped++, frame.HelpersTried = 0)
        {
            var candidate = frame.Candidates[frame.Helped];
            if (frame.HelpersTried == 0 && !MayNeedHelp(frame, candidate))
            {
                continue;
            }

            var helpers = _helpers.Of(candidate);
            while (frame.HelpersTried < helpers.Length && helpers[frame.HelpersTried].Begin <= _events.FirstEnd)
            {
                var step = helpers[frame.HelpersTried++];
                if (!IsDone(step) && !IsErasing(frame, step) && IsFirstOfItsClass(step) && TryPlace(frame, step, candidate) is { } next)
                {
                    return next;
                }
            }
        }

        return null;
    }

    /// <summary>Whether an uncertain step before this one could make a difference: it cannot be where it is; or, as a detour, it would overwrite a part of what the uncertain one leaves.</summary>
    private bool MayNeedHelp(SearchFrame frame, Step candidate)
    {
        frame.IsDetour = IsPossible(frame, candidate);
        if (!frame.IsDetour)
        {
            return true;
        }

        if (!_wide.Exists(step => !IsDone(step) && candidate.ChangesAny(step.Keys) && !candidate.ChangesAllOf(step)))
        {
            return false;
        }

        _isDetourLeftOut |= frame.Detours == _maxDetours;
        return frame.Detours < _maxDetours;
    }

    private bool IsPossible(SearchFrame frame, Step step)
    {
        frame.State.CopyTo(_test);
        return _model.TryApply(step, _test);
    }

    /// <summary>Whether an uncertain step would make the uncertain one before it vain, whatever the state is.</summary>
    private static bool IsErasing(SearchFrame frame, Step step) => frame.IsPending && step.Conditions.Length == 0 && step.ChangesAllOf(frame.Step!);

    /// <summary>Of uncertain steps that are alike the one that began first comes first: whatever another one explains it explains as well.</summary>
    private bool IsFirstOfItsClass(Step step)
    {
        if (step.Class == 0)
        {
            return true;
        }

        var alike = _classes[step.Class];
        return ReferenceEquals(alike.Find(other => !IsDone(other)), step);
    }

    /// <param name="frame">Where.</param>
    /// <param name="step">What is placed there.</param>
    /// <param name="target">The decided step that is placed, or for which an uncertain one is.</param>
    /// <returns>The new place; null if the step cannot be there, or that was tried in vain before.</returns>
    private SearchFrame? TryPlace(SearchFrame frame, Step step, Step target)
    {
        _tried++;
        var isUncertain = step.Kind == StepKind.Uncertain;
        if (!_isPlain && !MayFollow(frame, step))
        {
            return null;
        }

        var floor = !isUncertain ? 0 : _isPlain ? frame.State.LastRevision : FloorOf(frame, step);
        frame.State.CopyTo(_scratch);
        if (!_model.TryApply(step, _scratch, floor) || (!_isPlain && !IsNeeded(frame, step)))
        {
            return null;
        }

        SetDone(step, true);
        if ((_isPlain || !isUncertain) && !_visited.TryAdd(_done, _scratch, frame.Detours))
        {
            SetDone(step, false);
            return null;
        }

        if (!isUncertain)
        {
            _events.Lift(step);
            _left--;
        }

        var state = _scratch;
        _scratch = ComponentState.Create(_keys);
        var firstByRevision = FirstByRevision(frame.FirstByRevision);
        return new SearchFrame(frame, step, state, isUncertain && !_isPlain ? [target] : CandidatesFrom(firstByRevision), firstByRevision, frame.Detours + (isUncertain && frame.IsDetour ? 1 : 0))
        {
            LeastRevision = isUncertain ? _model.LeastAbove(floor) : 0,
        };
    }

    private void TakeBack(Step step)
    {
        SetDone(step, false);
        if (step.Kind != StepKind.Uncertain)
        {
            _events.PutBack(step);
            _left++;
        }
    }

    /// <summary>The decided steps that may come next. Known revisions rise along the order, and a change comes before all that saw its revision: what comes next by revision is known.</summary>
    private Step[] CandidatesFrom(int firstByRevision)
    {
        var candidates = _events.Candidates();

        // Those without a revision first: where two orders leave the same, what was tried first stands for both, and the earlier such a step is, the more room is left for uncertain ones after it.
        var withoutRevision = Array.FindAll(candidates, step => step.Revision == 0);
        var withRevision = Array.FindAll(
            candidates,
            step => step.Revision != 0
                && (firstByRevision == _byRevision.Length || (step.Revision == _byRevision[firstByRevision].Revision && step.IsChange == _byRevision[firstByRevision].IsChange)));
        return [.. withoutRevision, .. withRevision];
    }

    private int FirstByRevision(int first)
    {
        while (first < _byRevision.Length && IsDone(_byRevision[first]))
        {
            first++;
        }

        return first;
    }

    /// <summary>Uncertain steps at the end of the order so far must each be touched by something after them; of two that do not touch each other the one with the lower index comes first.</summary>
    private static bool MayFollow(SearchFrame frame, Step step)
    {
        if (!frame.IsPending)
        {
            return true;
        }

        if (step.Kind == StepKind.Uncertain)
        {
            return step.Touches(frame.Step!) || step.Index > frame.Step!.Index;
        }

        for (var place = frame; place.IsPending; place = place.Parent!)
        {
            var isTouched = step.Touches(place.Step!);
            for (var later = frame; later != place && !isTouched; later = later.Parent!)
            {
                isTouched = later.Step!.Touches(place.Step!);
            }

            if (!isTouched)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the uncertain step before this one is good for something: a step that could be there without it must not either leave all its keys alone, for then it could as well
    /// come later, or overwrite all its changes, for then it need not be there at all.</summary>
    private bool IsNeeded(SearchFrame frame, Step step)
    {
        if (!frame.IsPending || !step.Touches(frame.Step!))
        {
            return true;
        }

        var before = frame.Parent!;
        return !IsPossible(before, step) || (step.ChangesAny(frame.Step!.Keys) && !step.ChangesAllOf(frame.Step));
    }

    /// <summary>A revision below that of an uncertain step: what the bucket had at the earliest place to which it could be moved without any answer changing.</summary>
    /// <remarks>Uncertain steps before it that it cannot pass are moved with it, in their order: each may really have happened before an answer that tells a revision
    /// too high for it where it stands.</remarks>
    private ulong FloorOf(SearchFrame frame, Step uncertain)
    {
        List<Step> moved = [uncertain];
        var floor = 0UL;
        var place = frame;
        for (; place.Step is { } step; place = place.Parent!)
        {
            if (MayComeAfter(place, moved))
            {
                continue;
            }

            if (!place.IsPending)
            {
                break;
            }

            moved.Insert(0, step);
            floor = Math.Max(floor, place.LeastRevision);
        }

        return Math.Max(floor, place.State.LastRevision);
    }

    /// <summary>Whether the step of a place gives the same answer after steps that now stand behind it.</summary>
    private bool MayComeAfter(SearchFrame place, List<Step> moved)
    {
        var step = place.Step!;
        if (moved.Exists(other => step.End < other.Begin || step.ChangesAny(other.Keys) || (step.RecordRevision != 0 && other.ChangesAny(step.Keys))))
        {
            // It ended before, they need what it did, or it saw another write's revision.
            return false;
        }

        if (!moved.Exists(step.Touches))
        {
            return true;
        }

        // Without floors of their own: where they could be moved further, this place need not fit their revisions.
        place.Parent!.State.CopyTo(_test);
        return moved.TrueForAll(other => _model.TryApply(other, _test)) && _model.TryApply(step, _test);
    }

    private bool IsDone(Step step) => (_done[step.Index / 64] >> (step.Index % 64) & 1) != 0;

    private void SetDone(Step step, bool isDone)
    {
        var bit = 1UL << (step.Index % 64);
        _done[step.Index / 64] = isDone ? _done[step.Index / 64] | bit : _done[step.Index / 64] & ~bit;
    }
}
