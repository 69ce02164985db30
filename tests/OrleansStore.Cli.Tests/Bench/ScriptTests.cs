using OrleansStore.Cli.Bench;

namespace OrleansStore.Cli.Tests.Bench;

/// <summary>What callers decide and count, without any requests.</summary>
[Trait("Category", "Unit")]
public sealed class ScriptTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Caller_CountsOnlyWhatBeganInsideTheWindow()
    {
        var script = Start(BenchMix.Put, warmUp: 10, duration: 100);

        Run(script, began: 5, ended: 12, BenchReply.Served(1));
        Run(script, began: 12, ended: 15, BenchReply.Served(1));
        Run(script, began: 109, ended: 200, BenchReply.Served(1));

        Assert.Equal(2, script.Tally.Puts.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(91), script.Tally.Puts.Max);
        Assert.Equal(3, script.Tally.Finished);
        Assert.False(script.TryBegin(At(110), out _));
    }

    [Fact]
    public void Caller_CountsErrorsByCode_AndThoseOfTheWarmUpApart()
    {
        var script = Start(BenchMix.Get, warmUp: 10, duration: 100);

        Run(script, 1, 2, BenchReply.Failed("throttled"));
        Run(script, 11, 12, BenchReply.Failed("throttled"));
        Run(script, 12, 13, BenchReply.Failed("throttled"));
        Run(script, 13, 14, BenchReply.Failed(BenchReply.NotFound));

        Assert.Equal(1, script.Tally.WarmUpErrors);
        Assert.Equal([("not-found", 1L), ("throttled", 2L)], script.Tally.Errors.Select(error => (error.Key, error.Value)));
        Assert.Equal(0, script.Tally.Gets.Count);
    }

    [Fact]
    public void CompareAndSet_PutsOnTheRevisionThatWasRead_AndIsOneOperation()
    {
        var script = Start(BenchMix.Cas, warmUp: 0, duration: 100);

        Assert.True(script.TryBegin(At(99), out var get));
        script.End(BenchReply.Served(7), At(101));
        Assert.True(script.TryBegin(At(101), out var put));
        script.End(BenchReply.Served(8), At(105));

        Assert.Equal(BenchOperation.Get, get.Operation);
        Assert.Equal(new BenchRequest(BenchOperation.ConditionalPut, get.Key, 7), put);
        Assert.Equal(TimeSpan.FromMilliseconds(6), script.Tally.CompareAndSets.Max);
        Assert.Equal(1, script.Tally.CompareAndSets.Count);
        Assert.False(script.TryBegin(At(105), out _));
    }

    [Fact]
    public void CompareAndSet_CountsConflicts_WhichAreNoErrors()
    {
        var script = Start(BenchMix.Cas, warmUp: 0, duration: 100);

        Run(script, 1, 2, BenchReply.Failed(BenchReply.NotFound));
        Assert.True(script.TryBegin(At(2), out var put));
        script.End(BenchReply.Failed(BenchReply.PreconditionFailed), At(3));

        Assert.Equal(0UL, put.Revision);
        Assert.Equal(BenchOperation.ConditionalPut, put.Operation);
        Assert.Equal((1L, 0L), (script.Tally.Conflicts, script.Tally.ErrorCount));
    }

    [Fact]
    public void Mixed_HasTheRatioThatWasAskedFor()
    {
        var script = Start(BenchMix.Mixed, warmUp: 0, duration: 100, ratio: 0.9);
        for (var i = 0; i < 10_000; i++)
        {
            Run(script, 1, 2, BenchReply.Served(1));
        }

        Assert.InRange(script.Tally.Gets.Count, 8_850, 9_150);
        Assert.Equal(10_000, script.Tally.Gets.Count + script.Tally.Puts.Count);
    }

    [Fact]
    public void Preload_WritesEveryKeyOnce_AndTriesAgainWhatFailed()
    {
        var work = new PreloadWork(keyCount: 100);
        PreloadScript[] callers = [new(work), new(work), new(work)];
        List<int> written = [];
        var fails = true;
        while (callers.Any(caller => Step(caller)))
        {
        }

        Assert.Equal(Enumerable.Range(0, 100), written.Order());
        Assert.Equal((100, null), (work.Done, work.Error));

        bool Step(PreloadScript caller)
        {
            if (!caller.TryBegin(0, out var request))
            {
                return false;
            }

            fails = !fails;
            caller.End(fails ? BenchReply.Failed("unavailable") : BenchReply.Served(1), 0);
            written.AddRange(fails ? [] : [request.Key]);
            return true;
        }
    }

    [Fact]
    public void Preload_GivesUp_WhenAKeyFailsAgainAndAgain()
    {
        var work = new PreloadWork(keyCount: 100);
        var caller = new PreloadScript(work);
        var tries = 0;
        for (; caller.TryBegin(0, out _); tries++)
        {
            caller.End(BenchReply.Failed("disk-full"), 0);
        }

        Assert.Equal("disk-full", work.Error);
        Assert.InRange(tries, 2, 100);
        Assert.False(new PreloadScript(work).TryBegin(0, out _));
    }

    private static long At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds).Ticks;

    private static void Run(MeasuredScript script, int began, int ended, BenchReply reply)
    {
        Assert.True(script.TryBegin(At(began), out _));
        script.End(reply, At(ended));
    }

    private MeasuredScript Start(BenchMix mix, int warmUp, int duration, double ratio = 0.5)
    {
        var plan = Plans.Of(mix) with { ReadRatio = ratio };
        return new MeasuredScript(plan, new BenchWindow(_time, TimeSpan.FromMilliseconds(warmUp), TimeSpan.FromMilliseconds(duration)), new SplitMix64(1));
    }

    /// <summary>A clock that stands at 0, with ticks for timestamps.</summary>
    private sealed class ManualTime : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => 0;
    }
}
