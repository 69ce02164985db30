using OrleansStore.Client;
using OrleansStore.Client.Tests.Support;
using OrleansStore.Grains.Tests.Harness;
using Xunit.Abstractions;

namespace OrleansStore.Grains.Tests.Silos;

/// <summary>Silos and databases that go and come back, under load.</summary>
[Trait("Category", "Integration")]
public sealed class PairFailureTests(ITestOutputHelper output)
{
    // What a machine that also builds and tests is granted; the gap itself is printed.
    private static readonly TimeSpan WorstGap = TimeSpan.FromSeconds(10);

    [PostgresFact]
    public async Task Store_GoesOn_WhenASiloStopsOrBreaksOff_WhetherOrNotItHoldsTheLinks()
    {
        await using var pairs = await SiloPairs.StartAsync();
        var round = 0;
        foreach (var isHolder in (bool[])[true, false])
        {
            foreach (var isClean in (bool[])[true, false])
            {
                var holder = pairs.HolderOf(0);
                var victim = isHolder ? holder : 1 - holder;
                await using var load = PairLoad.Start([pairs.Store(0, 1 - victim), pairs.Store(1, 0), pairs.Store(2, 1)], $"stop-{round++}-");
                await load.MoreAsync(100);
                load.ForgetGaps();
                await (isClean ? pairs.StopSiloAsync(0, victim) : pairs.AbortSiloAsync(0, victim).AsTask());
                await load.MoreAsync(300);
                output.WriteLine($"silo {(isClean ? "stopped" : "broken off")}, {(isHolder ? "with" : "without")} the links: longest gap {load.LongestGap.TotalMilliseconds:0} ms");
                Assert.True(load.LongestGap < WorstGap, $"A writer waited {load.LongestGap}.");

                await pairs.StartSiloAsync(0, victim);
                await pairs.ReadyAsync();
                await load.StopAsync();
                await load.VerifyAsync(SiloPairs.All().Select(each => pairs.Store(each.Datacenter, each.Silo)));
            }
        }
    }

    [PostgresFact]
    public Task Store_StaysAvailable_WhenADatabaseStops_AndTheDatacenterCatchesUp() => StopDatabaseAsync(TimeSpan.FromSeconds(4));

    [PostgresFact, Trait("Category", "Slow")]
    public Task Store_StaysAvailable_WhenADatabaseStopsForHalfAMinute_AndTheDatacenterCatchesUp() => StopDatabaseAsync(TimeSpan.FromSeconds(30));

    private async Task StopDatabaseAsync(TimeSpan downtime)
    {
        await using var pairs = await SiloPairs.StartAsync();
        await using var load = PairLoad.Start([pairs.Store(1, 0), pairs.Store(2, 1)], "database-");
        await load.MoreAsync(100);
        load.ForgetGaps();

        await pairs.Server(0).StopAsync();
        await load.MoreAsync(500);
        await Task.Delay(downtime);
        await load.MoreAsync(100);
        output.WriteLine($"a database away: longest gap {load.LongestGap.TotalMilliseconds:0} ms");
        Assert.True(load.LongestGap < WorstGap, $"A writer waited {load.LongestGap}.");

        await pairs.Server(0).StartAgainAsync();
        await load.MoreAsync(100);
        await load.StopAsync();
        await load.VerifyAsync(SiloPairs.All().Select(each => pairs.Store(each.Datacenter, each.Silo)));
        await load.CaughtUpAsync(pairs.Store(0, 0));
        await load.CaughtUpAsync(pairs.Store(0, 1));
    }

    [PostgresFact]
    public async Task Buckets_SleepAndWake_InWhicheverSilo()
    {
        await using var pairs = await SiloPairs.StartAsync(hibernateAfter: TimeSpan.FromMilliseconds(300));
        for (var i = 0; i < 16; i++)
        {
            (await pairs.Store(0, i % 2).PutTextAsync($"sleep-{i}", $"{i}")).ThrowIfNotApplied();
        }

        await Until.TrueAsync(
            "all buckets sleep and their grains are gone", () => SiloPairs.All().All(each => pairs.Activations(each.Datacenter, each.Silo).Count == 0), seconds: 60);

        for (var i = 0; i < 16; i++)
        {
            Assert.Equal($"{i}", await pairs.Store(1 + (i % 2), i % 2).GetTextAsync($"sleep-{i}"));
        }
    }

    [PostgresFact]
    public async Task WhatIsDue_IsWoken_ThoughTheSiloThatItSleptInIsGone()
    {
        await using var pairs = await SiloPairs.StartAsync(hibernateAfter: TimeSpan.FromMilliseconds(300));
        for (var i = 0; i < 16; i++)
        {
            var put = Operation.Put(StoreKey.FromText($"due-{i}"), "1"u8.ToArray(), "text/plain", Expiry.After(TimeSpan.FromSeconds(10)));
            (await pairs.Store(0, 0).CommitAsync(Transaction.Of(put))).ThrowIfNotApplied();
        }

        // One silo of each datacenter goes for good: what slept there is woken by the other one, without anybody asking for it.
        for (var datacenter = 0; datacenter < SiloPairs.Datacenters; datacenter++)
        {
            await pairs.AbortSiloAsync(datacenter, 1);
        }

        await Until.TrueAsync("all buckets sleep", () => Enumerable.Range(0, SiloPairs.Datacenters).All(datacenter => pairs.Activations(datacenter, 0).Count == 0), seconds: 60);
        await Until.TrueAsync("a bucket has woken", () => pairs.Activations(0, 0).Count > 0, seconds: 60);
    }
}
