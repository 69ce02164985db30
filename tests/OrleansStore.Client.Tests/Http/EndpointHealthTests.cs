using OrleansStore.Client.Http.Endpoints;

namespace OrleansStore.Client.Tests.Http;

/// <summary>When an endpoint rests, is probed and is used again; in time that the test gives.</summary>
[Trait("Category", "Unit")]
public sealed class EndpointHealthTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan T0 = TimeSpan.FromSeconds(100);

    // Jitter of almost 1 makes each rest as long as it can be; exactly 1 is never drawn, and makes the sums exact here.
    private const double LongestJitter = 1;

    private readonly EndpointHealth _health = new(3, First, Max);

    [Fact]
    public void Endpoint_IsReady_BeforeAnyFailure()
    {
        Assert.Equal(T0, _health.ReadyAt(T0));
        Assert.False(_health.Enter(T0));
        Assert.False(_health.Succeed());
    }

    [Fact]
    public void Endpoint_Rests_AfterSoManyFailuresInARow()
    {
        Assert.Null(Fail(T0));
        Assert.Null(Fail(T0));
        _health.Succeed();
        Assert.Null(Fail(T0));
        Assert.Null(Fail(T0));
        Assert.Equal(T0, _health.ReadyAt(T0));

        Assert.Equal(First, Fail(T0));
        Assert.Equal(T0 + First, _health.ReadyAt(T0));
    }

    [Fact]
    public void Endpoint_RestsAtOnce_AfterAConclusiveFailure() => Assert.Equal(First / 2, _health.Fail(T0, isProbe: false, isConclusive: true, jitter: 0));

    [Fact]
    public void Rest_Doubles_WithEachFailedProbe_UpToTheLongest()
    {
        var now = T0;
        var rest = _health.Fail(now, isProbe: false, isConclusive: true, LongestJitter)!.Value;
        foreach (var expected in new[] { First, First * 2, Max, Max })
        {
            Assert.Equal(expected, rest);
            now += rest;
            Assert.True(_health.Enter(now));
            rest = Fail(now, isProbe: true)!.Value;
        }
    }

    [Fact]
    public void OnlyOneRequest_IsTheProbe()
    {
        Break();
        var due = T0 + First;

        Assert.False(_health.Enter(T0));
        Assert.True(_health.Enter(due));
        Assert.False(_health.Enter(due));
        Assert.True(_health.ReadyAt(due) > due);
    }

    [Fact]
    public void AbandonedProbe_LeavesItToTheNextRequest()
    {
        Break();
        var due = T0 + First;
        Assert.True(_health.Enter(due));

        _health.Abandon(isProbe: false);
        Assert.False(_health.Enter(due));
        _health.Abandon(isProbe: true);

        Assert.True(_health.Enter(due));
    }

    [Fact]
    public void Success_EndsTheRest_AndTheNextOneBeginsShort()
    {
        Break();
        Assert.True(_health.Enter(T0 + First));
        Fail(T0 + First, isProbe: true);

        Assert.True(_health.Succeed());
        Assert.Equal(T0, _health.ReadyAt(T0));
        Break();

        Assert.Equal(T0 + First, _health.ReadyAt(T0));
    }

    [Fact]
    public void Stragglers_DoNotProlongTheRest()
    {
        Break();

        Assert.Null(Fail(T0 + (First / 2)));
        Assert.Equal(T0 + First, _health.ReadyAt(T0));
    }

    private TimeSpan? Fail(TimeSpan now, bool isProbe = false) => _health.Fail(now, isProbe, isConclusive: false, LongestJitter);

    private void Break() => _health.Fail(T0, isProbe: false, isConclusive: true, LongestJitter);
}
