using OrleansStore.Client;
using OrleansStore.Client.Orleans;
using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Grains.Tests.Calls;

/// <summary>What a client makes of every way in which a call to a router can end.</summary>
[Trait("Category", "Unit")]
public sealed class RetryTests
{
    private static readonly StoreKey Key = StoreKey.FromText("a");
    private static readonly WriteResult Applied = new(WriteStatus.Applied, new Revision(3)) { Operations = [OperationOutcome.Created], DurableCopies = 2 };

    [Fact]
    public async Task Write_IsSentAgainUnderTheSameId_WhenACopyIsLost()
    {
        var router = new ScriptedRouter(() => throw new TimeoutException(), () => new WriteResult(WriteStatus.Unavailable, Revision.None), () => Applied);

        var outcome = await Store(router).PutTextAsync("a", "1");

        Assert.Equal(new Revision(3), Assert.IsType<WriteOutcome.Applied>(outcome).Revision);
        Assert.Equal(3, router.Ids.Count);
        Assert.Single(router.Ids.Distinct());
    }

    [Fact]
    public async Task Write_IsUnknown_WhenACopyWasLostAndNoneWasAnswered()
    {
        var router = new ScriptedRouter(() => throw new TimeoutException(), () => new WriteResult(WriteStatus.Unavailable, Revision.None));

        var outcome = await Store(router, timeoutMs: 200).PutTextAsync("a", "1");

        Assert.IsType<WriteOutcome.Unknown>(outcome);
    }

    [Fact]
    public async Task Write_FailsForCertain_WhenEveryCopyWasRefusedBeforeItWasProposed()
    {
        var router = new ScriptedRouter(() => new WriteResult(WriteStatus.DiskFull, Revision.None));

        var fault = await Assert.ThrowsAsync<StoreException>(async () => await Store(router, timeoutMs: 200).PutTextAsync("a", "1"));

        Assert.Equal((ErrorCode.DiskFull, true), (fault.Code, fault.IsTransient));
        Assert.True(router.Calls > 1, "It was not sent again.");
    }

    [Fact]
    public async Task Write_IsNotSentAgain_WhenItWasRefusedForGood()
    {
        var router = new ScriptedRouter(() => new RouterAnswer<WriteResult> { Refusal = ErrorCode.CrossBucket, Detail = "no" });

        var fault = await Assert.ThrowsAsync<StoreException>(async () => await Store(router).PutTextAsync("a", "1"));

        Assert.Equal((ErrorCode.CrossBucket, false, 1), (fault.Code, fault.IsTransient, router.Calls));
    }

    [Fact]
    public async Task Write_IsUnknown_WhenARefusalFollowsALostCopy()
    {
        var router = new ScriptedRouter(() => throw new TimeoutException(), () => new WriteResult(WriteStatus.RequestExpired, Revision.None));

        Assert.IsType<WriteOutcome.Unknown>(await Store(router).PutTextAsync("a", "1"));
    }

    [Fact]
    public async Task Read_FailsAsUnavailable_WhenNothingAnswersInTime()
    {
        var router = new ScriptedRouter(() => throw new TimeoutException());

        var fault = await Assert.ThrowsAsync<StoreException>(async () => await Store(router, timeoutMs: 150).GetAsync(Key));

        Assert.Equal((ErrorCode.Unavailable, true), (fault.Code, fault.IsTransient));
    }

    [Fact]
    public async Task Call_WaitsAsLongAsTheRouterAsks()
    {
        var asked = TimeSpan.FromMilliseconds(150);
        var router = new ScriptedRouter(
            () => new ReadResult(ReadStatus.Throttled, null, Revision.None, LogIndex.None) { RetryAfter = asked }, () => new ReadResult(ReadStatus.NotFound, null, Revision.None, LogIndex.None));
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Assert.Null(await Store(router).GetAsync(Key));

        Assert.True(watch.Elapsed >= asked - TimeSpan.FromMilliseconds(5), $"It was sent again after {watch.Elapsed}.");
    }

    [Fact]
    public async Task Cancellation_EndsTheWaiting_NotAsAFault()
    {
        using var cancelled = new CancellationTokenSource();
        var router = new ScriptedRouter(() => new ReadResult(ReadStatus.Unavailable, null, Revision.None, LogIndex.None));
        var reading = Store(router, timeoutMs: 60_000).GetAsync(Key, cancellationToken: cancelled.Token).AsTask();

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public void Options_AreRefusedWithAllMistakes()
    {
        var options = new GrainStoreOptions { Timeout = TimeSpan.Zero, InitialBackoff = TimeSpan.FromSeconds(2) };

        var refusal = Assert.Throws<ArgumentException>(() => new GrainStore(new ScriptedRouter(() => Applied), options, TimeProvider.System));

        Assert.Contains("Timeout is 00:00:00", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("InitialBackoff is 00:00:02", refusal.Message, StringComparison.Ordinal);
    }

    private static GrainStore Store(IStoreRouter router, int timeoutMs = 10_000) => new GrainStore(
        router,
        new GrainStoreOptions { Timeout = TimeSpan.FromMilliseconds(timeoutMs), InitialBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(20) },
        TimeProvider.System);
}
