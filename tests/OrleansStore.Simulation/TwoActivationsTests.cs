using OrleansStore.Verification;
using OrleansStore.Verification.Linearizability;

namespace OrleansStore.Simulation;

/// <summary>Design invariant 2: two silos of one datacenter share a database, both have the bucket in memory, and both hear everything that the other datacenters say.</summary>
public sealed class TwoActivationsTests
{
    [Theory, Trait("Category", "Simulation")]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    [InlineData(5UL)]
    [InlineData(6UL)]
    public void Store_StaysLinearizable_WhenTwoActivationsOfOneReplicaLive(ulong seed)
    {
        var cluster = RunChecked(seed);

        Assert.True(cluster.Takeovers > 5, $"seed {seed}: the bucket moved only {cluster.Takeovers} times");
        Assert.True(cluster.AnsweredReads > 50, $"seed {seed}: only {cluster.AnsweredReads} reads were answered by the contested datacenter");
        Assert.True(cluster.AppliedWrites > 50, $"seed {seed}: only {cluster.AppliedWrites} writes were applied");
    }

    // With SIM_SEED, SIM_SEEDS and SIM_STOP as for the whole store.
    [Fact, Trait("Category", "Slow")]
    public async Task Store_StaysLinearizable_WhenManySeedsOfTwoActivationsAreTried()
    {
        var failures = await SeedRange.Read(1, 30).RunAsync(seed => { _ = RunChecked(seed); });

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    // The same runs without the claim: if they were right, too, the test above would show nothing.
    [Fact, Trait("Category", "Simulation")]
    public void Store_BreaksItsPromises_WhenActivationsSpeakWithoutAClaim() => Assert.Contains(Enumerable.Range(1, 20), seed => IsBroken((ulong)seed));

    private static SharedCluster RunChecked(ulong seed)
    {
        var cluster = new SharedCluster(seed, isClaimIgnored: false);
        var failure = Run(cluster);

        // What clients were told says more than a bucket that stopped by itself.
        var report = LinearizabilityChecker.Check(cluster.History.Operations);
        if (report.Verdict == LinearizabilityVerdict.NotLinearizable)
        {
            Assert.Fail($"seed {seed} at {cluster.World.Time}, found by {VerifiedProperty.Linearizability}: {report.Counterexample}");
        }

        if (failure is not null || report.Verdict != LinearizabilityVerdict.Linearizable)
        {
            Assert.Fail($"seed {seed} at {cluster.World.Time}, found by no checker: {failure?.ToString() ?? $"{report.Verdict} after {report.StepsTried} steps"}");
        }

        return cluster;
    }

    /// <summary>Whether clients were told what contradicts itself, or a replica found that what it had acknowledged was lost.</summary>
    private static bool IsBroken(ulong seed)
    {
        var cluster = new SharedCluster(seed, isClaimIgnored: true);
        return Run(cluster) is not null || LinearizabilityChecker.Check(cluster.History.Operations).Verdict == LinearizabilityVerdict.NotLinearizable;
    }

    /// <returns>Why the run ended early; null if it did not.</returns>
    private static SimulationViolationException? Run(SharedCluster cluster)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            cluster.Run(TimeSpan.FromSeconds(120));
            return null;
        }
        catch (SimulationViolationException failure)
        {
            return failure;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
