namespace OrleansStore.Verification.Invariants;

/// <summary>A request takes effect at one revision or at none, and all that was told about it agrees with that (invariants 4 and 5). Not safe for concurrent use.</summary>
/// <param name="report">Takes what is wrong.</param>
public sealed class AtMostOnceChecker(Action<Violation> report)
{
    private readonly Dictionary<(BucketId, ulong), Revision> _effects = [];
    private readonly Dictionary<(BucketId, ulong), RequestAnswered> _answers = [];

    /// <summary>A change was seen; the same one may be seen often, in many replicas.</summary>
    public void Observe(in EffectSeen seen)
    {
        var request = (seen.Bucket, seen.Mark);
        if (!_effects.TryAdd(request, seen.Revision))
        {
            if (_effects[request] != seen.Revision)
            {
                Report(request, $"took effect at revision {_effects[request]} and again at {seen.Revision}");
            }

            return;
        }

        if (_answers.TryGetValue(request, out var answer))
        {
            Compare(request, answer, seen.Revision);
        }
    }

    /// <summary>Somebody was told what became of a request.</summary>
    public void Observe(in RequestAnswered answer)
    {
        var request = (answer.Bucket, answer.Mark);
        if (_answers.TryGetValue(request, out var earlier) && (earlier.Fate != answer.Fate || (earlier.Revision != answer.Revision && earlier.Revision != Revision.None && answer.Revision != Revision.None)))
        {
            Report(request, $"was called {earlier.Fate} at revision {earlier.Revision}, and later {answer.Fate} at {answer.Revision}");
        }

        _answers[request] = answer;
        if (_effects.TryGetValue(request, out var revision))
        {
            Compare(request, answer, revision);
        }
    }

    /// <summary>All changes of a bucket up to a revision have been seen: what was told to be applied at or before it must be among them.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="from">From this revision on nothing was left out; what was applied before it is not looked for.</param>
    /// <param name="last">The last revision seen.</param>
    /// <param name="isMarked">Whether a request's effect would be recognised if it were seen; deletes, for example, carry no value.</param>
    public void CheckAllSeen(BucketId bucket, Revision from, Revision last, Func<ulong, bool> isMarked)
    {
        ArgumentNullException.ThrowIfNull(isMarked);
        foreach (var (request, answer) in _answers)
        {
            if (request.Item1 == bucket && answer.Fate == RequestFate.Applied && answer.Revision >= from && answer.Revision <= last && isMarked(request.Item2) && !_effects.ContainsKey(request))
            {
                Report(request, $"was called applied at revision {answer.Revision}, and the history up to {last} does not have it");
            }
        }
    }

    private void Compare((BucketId, ulong) request, RequestAnswered answer, Revision effect)
    {
        if (answer.Fate == RequestFate.ChangedNothing)
        {
            Report(request, $"was told to have changed nothing, and took effect at revision {effect}");
        }
        else if (answer.Revision != Revision.None && answer.Revision != effect)
        {
            Report(request, $"was told to be applied at revision {answer.Revision}, and took effect at {effect}");
        }
    }

    private void Report((BucketId Bucket, ulong Mark) request, string what) =>
        report(new Violation(VerifiedProperty.AtMostOnce, $"bucket {request.Bucket}: request {request.Mark:x} {what}"));
}
