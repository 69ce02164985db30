using OrleansStore.Integration.Harness;
using OrleansStore.Verification.Nemesis;
using OrleansStore.Verification.Nemesis.Faults;
using OrleansStore.Verification.Nemesis.Links;
using OrleansStore.Verification.Nemesis.Processes;
using OrleansStore.Verification.Nemesis.Reports;
using Xunit.Abstractions;

namespace OrleansStore.Integration;

/// <summary>Three real processes behind proxies, clients that record what they are told, and everything that can be done to both: the history must be linearizable, and nothing lost.</summary>
public sealed class NemesisTests(ITestOutputHelper output)
{
    private const ulong Seed = 20_261_120;

    [Fact, Trait("Category", "Slow")]
    public async Task History_IsLinearizable_UnderEveryFault()
    {
        var report = await RunAsync(TimeSpan.FromSeconds(60), Enum.GetValues<FaultKind>(), new LinkConditions());

        // Every kind that is possible here, once at least, unless the machine was so slow that time ran out.
        Assert.True(report.Faults.Count >= 4, $"There were only {report.Faults.Count} faults.");
        Assert.All(report.Faults, fault => Assert.NotNull(fault.Recovered));
    }

    [Fact, Trait("Category", "Slow")]
    public async Task History_IsLinearizable_WhereDatacentersAreFarApart()
    {
        var links = new LinkConditions { Delay = TimeSpan.FromMilliseconds(40), Jitter = TimeSpan.FromMilliseconds(10), BytesPerSecond = 20_000_000 };

        var report = await RunAsync(TimeSpan.FromSeconds(20), [FaultKind.Kill, FaultKind.Blackhole], links);

        // A write needs an answer of another datacenter: there and back.
        var put = report.Operations.Single(row => row.Name == "put");
        Assert.True(put.P50 >= TimeSpan.FromMilliseconds(80), $"Half of the puts took less than {put.P50}: the proxies are not between the datacenters.");
    }

    private async Task<NemesisReport> RunAsync(TimeSpan duration, IReadOnlyCollection<FaultKind> faults, LinkConditions links)
    {
        using var folder = new TestFolder();
        var cluster = await OwnCluster.StartAsync(
            new OwnClusterOptions { Program = SiloBinary.Path, Folder = folder.Child("data"), Links = links, WantsSmallDisk = faults.Contains(FaultKind.DiskFull) }, new SplitMix64(Seed), TimeProvider.System);
        await using (cluster)
        {
            var run = new NemesisRun(
                new NemesisOptions { Duration = duration, Faults = faults, Rate = 400, KeyPrefix = "nemesis/", Seed = Seed, RecoveryBound = TimeSpan.FromSeconds(60) }, cluster, TimeProvider.System);
            var report = await run.RunAsync(CancellationToken.None);
            foreach (var impact in report.Impacts)
            {
                output.WriteLine($"{impact.Kind?.ToString() ?? "before any"}: {impact.Count} times, worst gap {impact.WorstGap.TotalSeconds:0.00} s, worst latency {impact.WorstLatency.TotalSeconds:0.00} s, {impact.Answered} answered");
            }

            foreach (var (kind, reason) in report.Omitted)
            {
                output.WriteLine($"left out {kind}: {reason}");
            }

            Assert.True(report.IsPassed, await SaveAsync(report));
            return report;
        }
    }

    /// <summary>What went wrong, and a page about it beside the tests.</summary>
    private static async Task<string> SaveAsync(NemesisReport report)
    {
        var page = Path.Combine(AppContext.BaseDirectory, $"nemesis-{report.Options.Seed}.html");
        await using (var writer = new StreamWriter(page))
        {
            NemesisPage.Write(report, $"ostore verify --seed {report.Options.Seed} --rate {report.Options.Rate}", writer);
        }

        List<string> lines = [report.Verdict, .. report.History.LostWrites, .. report.Contradictions, .. report.NotRecovered, $"{report.History.Counterexample}", $"See {page}."];
        return string.Join('\n', lines);
    }
}
