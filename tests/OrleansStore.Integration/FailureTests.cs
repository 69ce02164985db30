using System.Diagnostics;
using System.Net;
using OrleansStore.Integration.Harness;
using Xunit.Abstractions;

namespace OrleansStore.Integration;

/// <summary>Three processes under load while some of them die, hang, or come back with nothing.</summary>
public sealed class FailureTests(ITestOutputHelper output)
{
    // What a machine that also builds and tests is granted; the gap itself is printed.
    private static readonly TimeSpan WorstGap = TimeSpan.FromSeconds(10);

    [Fact, Trait("Category", "Integration")]
    public async Task AnyDatacenter_MayDie_AndCatchesUpOnReturn()
    {
        await using var cluster = await Cluster.StartAsync();
        await KillAndReturnAsync(cluster, victim: 0);
    }

    [Fact, Trait("Category", "Slow")]
    public async Task EveryDatacenter_MayDie_OneAfterTheOther()
    {
        await using var cluster = await Cluster.StartAsync();
        for (var victim = 0; victim < Cluster.Size; victim++)
        {
            await KillAndReturnAsync(cluster, victim);
        }
    }

    [Fact, Trait("Category", "Slow")]
    public async Task AnyDatacenter_MayHang_AndCatchesUpOnReturn()
    {
        await using var cluster = await Cluster.StartAsync();
        for (var victim = 0; victim < Cluster.Size; victim++)
        {
            var load = Load.Start([.. Cluster.Others(victim).Select(i => cluster.Clients[i])], $"hang-{victim}-");
            await load.MoreAsync(200);
            load.ForgetGaps();
            cluster[victim].Suspend();
            await load.MoreAsync(1000);
            cluster[victim].Resume();
            await load.MoreAsync(200);
            await EndAsync(load, $"dc{victim + 1} suspended");
            await load.VerifyAsync(cluster.Clients);
            await load.CaughtUpAsync(cluster.Clients[victim]);
        }
    }

    [Fact, Trait("Category", "Integration")]
    public async Task EveryAcknowledgedWrite_IsThere_WhenAllDiedAtOnce()
    {
        await using var cluster = await Cluster.StartAsync();
        var load = Load.Start(cluster.Clients, "all-");
        await load.MoreAsync(500);
        await cluster.KillAllAsync();
        await load.StopAsync();

        cluster.StartAll();
        await cluster.ReadyAsync();

        await load.VerifyAsync(cluster.Clients);
    }

    [Fact, Trait("Category", "Integration")]
    public async Task WipedDatacenter_JoinsAnew_AndCarriesItsPart()
    {
        await using var cluster = await Cluster.StartAsync();
        var load = Load.Start(cluster.Clients, "wiped-");
        await load.MoreAsync(500);
        await load.StopAsync();
        await cluster[1].KillAsync();
        cluster.Wipe(1);

        cluster.Start(1);
        await cluster[1].ReadyAsync(1);
        await Until.TrueAsync("dc2 has joined", () => cluster[1].Errors.Contains("has joined", StringComparison.Ordinal), seconds: 60);
        await load.CaughtUpAsync(cluster.Clients[1]);
        await cluster[0].KillAsync();

        // Every quorum that is left needs the copies that joined.
        await load.VerifyAsync([cluster.Clients[1], cluster.Clients[2]]);
        Assert.Equal(HttpStatusCode.Created, (await cluster.Clients[1].SendAsync("PUT", "/v1/kv/after", "1", ("OrleansStore-Timeout", "20000"))).Status);
    }

    [Fact, Trait("Category", "Integration")]
    public async Task Minority_AcknowledgesNothing_AndServesNoLinearizableRead()
    {
        await using var cluster = await Cluster.StartAsync();
        var load = Load.Start(cluster.Clients, "minority-");
        await load.MoreAsync(300);
        await load.StopAsync();
        await load.CaughtUpAsync(cluster.Clients[2]);
        await Task.WhenAll(cluster[0].KillAsync(), cluster[1].KillAsync());

        // Leases of the dead end first; from then on, and for longer than an election takes, nothing may be served.
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(4))
        {
            var put = await cluster.Clients[2].SendAsync("PUT", "/v1/kv/minority-0", "1000000", ("OrleansStore-Timeout", "800"));
            Assert.True(put.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout, $"The minority answered a write with {put}.");
            var get = await cluster.Clients[2].SendAsync("GET", "/v1/kv/minority-1", null, ("OrleansStore-Timeout", "800"));
            Assert.True(
                get.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout || watch.Elapsed < TimeSpan.FromSeconds(1), $"The minority answered a read with {get}.");
        }

        await load.CaughtUpAsync(cluster.Clients[2]);
        cluster.Start(0);
        await cluster[0].ReadyAsync(1);
        Assert.Equal(HttpStatusCode.Created, (await cluster.Clients[2].SendAsync("PUT", "/v1/kv/majority", "1", ("OrleansStore-Timeout", "20000"))).Status);
    }

    private async Task KillAndReturnAsync(Cluster cluster, int victim)
    {
        var load = Load.Start([.. Cluster.Others(victim).Select(i => cluster.Clients[i])], $"kill-{victim}-");
        await load.MoreAsync(200);
        load.ForgetGaps();
        await cluster[victim].KillAsync();
        await load.MoreAsync(500);
        cluster.Start(victim);
        await cluster[victim].ReadyAsync(1);
        await load.MoreAsync(200);
        await EndAsync(load, $"dc{victim + 1} killed");
        await load.VerifyAsync(cluster.Clients);
        await load.CaughtUpAsync(cluster.Clients[victim]);
    }

    private async Task EndAsync(Load load, string what)
    {
        await load.StopAsync();
        output.WriteLine($"{what}: {load.Writes} writes, {load.Reads} reads, longest gap of a writer {load.LongestGap.TotalSeconds:0.00} s");
        Assert.True(load.LongestGap < WorstGap, $"{what}: a writer waited {load.LongestGap}.");
    }
}
