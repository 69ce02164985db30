using System.Net;
using OrleansStore.Grains.Tests.Harness;
using OrleansStore.Integration.Harness;
using Xunit.Abstractions;

namespace OrleansStore.Grains.Tests;

/// <summary>Real processes, one datacenter each, and <c>kill -9</c>.</summary>
[Trait("Category", "Slow")]
public sealed class ProcessTests(ITestOutputHelper output)
{
    // What a machine that also builds and tests is granted; the gap itself is printed.
    private static readonly TimeSpan WorstGap = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task EveryDatacenter_MayDie_OneAfterTheOther()
    {
        await using var cluster = await OrleansProcesses.StartAsync();
        for (var victim = 0; victim < OrleansProcesses.Size; victim++)
        {
            var load = Load.Start([.. OrleansProcesses.Others(victim).Select(i => cluster.Clients[i])], $"kill-{victim}-");
            await load.MoreAsync(200);
            load.ForgetGaps();
            await cluster[victim].KillAsync();
            await load.MoreAsync(1000);
            output.WriteLine($"dc{victim + 1} killed: the longest gap between two acknowledgements of a writer was {load.LongestGap.TotalMilliseconds:0} ms");
            Assert.True(load.LongestGap < WorstGap, $"A writer waited {load.LongestGap}.");

            cluster.Start(victim);
            await cluster[victim].ReadyAsync(1);
            await load.MoreAsync(200);
            await load.StopAsync();
            await load.VerifyAsync(cluster.Clients);
            await load.CaughtUpAsync(cluster.Clients[victim]);
        }
    }

    [Fact]
    public async Task EveryAcknowledgedWrite_IsThere_WhenAllDiedAtOnce()
    {
        await using var cluster = await OrleansProcesses.StartAsync();
        var load = Load.Start(cluster.Clients, "all-");
        await load.MoreAsync(500);
        await cluster.KillAllAsync();
        await load.StopAsync();

        cluster.StartAll();
        await cluster.ReadyAsync();

        await load.VerifyAsync(cluster.Clients);
    }

    [Fact]
    public async Task WipedDatacenter_JoinsAnew()
    {
        await using var cluster = await OrleansProcesses.StartAsync();
        var load = Load.Start(cluster.Clients, "wiped-");
        await load.MoreAsync(300);
        await load.StopAsync();
        await cluster[1].KillAsync();
        cluster.Wipe(1);

        cluster.Start(1);
        await cluster[1].ReadyAsync(1);
        await Until.TrueAsync("dc2 has joined", () => cluster[1].Errors.Contains("has joined", StringComparison.Ordinal), seconds: 60);

        await load.CaughtUpAsync(cluster.Clients[1]);
        await load.VerifyAsync(cluster.Clients);
    }

    [Fact]
    public async Task Datacenters_SpeakOverMutualTls_AndRefuseWhoIsSignedBySomebodyElse()
    {
        using var folder = new TestFolder();
        using var trusted = new Certificates(folder.Path, "trusted");
        using var other = new Certificates(folder.Path, "other");
        await using var cluster = await OrleansProcesses.StartAsync(name => trusted.FlagsFor(name));
        Assert.Equal(HttpStatusCode.Created, (await cluster.Clients[0].SendAsync("PUT", "/v1/kv/a", "1", ("OrleansStore-Timeout", "20000"))).Status);

        await cluster[2].KillAsync();
        cluster.Start(2, other.FlagsFor("dc3"));
        await Until.TrueAsync("dc3 has started", () => cluster[2].Errors.Length > 0, seconds: 60);

        Assert.Equal(HttpStatusCode.OK, (await cluster.Clients[1].SendAsync("PUT", "/v1/kv/a", "2", ("OrleansStore-Timeout", "20000"))).Status);
        Assert.False(await cluster.Clients[2].TrySendAsync("GET", "/v1/kv/a", null, ("OrleansStore-Timeout", "2000")) is { Status: HttpStatusCode.OK }, "dc3 reads what it may not.");
    }
}
