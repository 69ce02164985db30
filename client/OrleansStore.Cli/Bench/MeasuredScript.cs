namespace OrleansStore.Cli.Bench;

/// <summary>A caller that is measured: begins operations until the window is over, and counts those that began inside of it.</summary>
internal sealed class MeasuredScript : ICallerScript
{
    private readonly BenchPlan _plan;
    private readonly BenchWindow _window;
    private readonly SplitMix64 _random;
    private readonly IKeyPicker _keys;
    private BenchRequest _current;
    private long _began;
    private bool _hasRead;

    public MeasuredScript(BenchPlan plan, BenchWindow window, SplitMix64 random)
    {
        _plan = plan;
        _window = window;
        _random = random;
        _keys = plan.Distribution == KeyDistribution.Zipf ? new ZipfKeys(plan.KeyCount, random.Fork()) : new UniformKeys(plan.KeyCount, random.Fork());
    }

    /// <summary>What it counted. To be read when it has done its work; <see cref="BenchTally.Finished"/> at any time.</summary>
    public BenchTally Tally { get; } = new();

    public bool TryBegin(long now, out BenchRequest request)
    {
        if (_hasRead)
        {
            // The second half of a compare-and-set, whose first half set this.
            request = _current;
            return true;
        }

        _current = new BenchRequest(Choose(), _keys.Next());
        _began = now;
        request = _current;
        return !_window.IsOver(now);
    }

    public void End(in BenchReply reply, long now)
    {
        if (_plan.Mix == BenchMix.Cas && !_hasRead && reply.Error is (null or BenchReply.NotFound))
        {
            _current = new BenchRequest(BenchOperation.ConditionalPut, _current.Key, reply.Revision);
            _hasRead = true;
            return;
        }

        _hasRead = false;
        Tally.Finish();
        if (_window.IsCounted(_began))
        {
            Count(reply, _window.Between(_began, now));
        }
        else if (reply.Error is not null && !IsConflict(reply))
        {
            Tally.WarmUpErrors++;
        }
    }

    private void Count(in BenchReply reply, TimeSpan time)
    {
        if (IsConflict(reply))
        {
            Tally.Conflicts++;
        }
        else if (reply.Error is not null)
        {
            Tally.Fail(reply.Error);
            return;
        }

        var histogram = _plan.Mix == BenchMix.Cas ? Tally.CompareAndSets : _current.Operation == BenchOperation.Get ? Tally.Gets : Tally.Puts;
        histogram.Record(time);
    }

    private bool IsConflict(in BenchReply reply) => _plan.Mix == BenchMix.Cas && reply.Error == BenchReply.PreconditionFailed;

    private BenchOperation Choose() => _plan.Mix switch
    {
        BenchMix.Put => BenchOperation.Put,
        BenchMix.Mixed => _random.NextFraction() < _plan.ReadRatio ? BenchOperation.Get : BenchOperation.Put,
        _ => BenchOperation.Get,
    };
}
