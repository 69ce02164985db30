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
        var run = RunChecked(seed);

        Assert.True(run.Cluster.Takeovers > 5, $"seed {seed}: the bucket moved only {run.Cluster.Takeovers} times");
        Assert.True(run.Cluster.AnsweredReads > 100, $"seed {seed}: only {run.Cluster.AnsweredReads} reads were answered by the contested datacenter");
        Assert.True(run.Cluster.AppliedWrites > 50, $"seed {seed}: only {run.Cluster.AppliedWrites} writes were applied");
    }

    // With SIM_SEED, SIM_SEEDS and SIM_STOP as for the whole store.
    [Fact, Trait("Category", "Slow")]
    public void Store_StaysLinearizable_WhenManySeedsOfTwoActivationsAreTried()
    {
        var failures = SeedRange.Read(1, 30).Run(seed => RunChecked(seed));

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    // The same runs without the claim: if they were right, too, the test above would show nothing.
    [Fact, Trait("Category", "Simulation")]
    public void Store_BreaksItsPromises_WhenActivationsSpeakWithoutAClaim() => Assert.Contains(Enumerable.Range(1, 20), seed => IsBroken((ulong)seed));

    private static (SharedCluster Cluster, LinearizabilityReport Report) RunChecked(ulong seed)
    {
        try
        {
            var run = Run(seed, isClaimIgnored: false);
            if (run.Report.Verdict != LinearizabilityVerdict.Linearizable)
            {
                Assert.Fail($"seed {seed} at the end, found by {VerifiedProperty.Linearizability}: {run.Report.Verdict}: {run.Report.Counterexample}");
            }

            return run;
        }
        catch (SimulationViolationException e)
        {
            Assert.Fail($"seed {seed} at some time, found by no checker: {e}");
            throw;
        }
    }

    /// <summary>Whether clients were told what contradicts itself, or a replica found that what it had acknowledged was lost.</summary>
    private static bool IsBroken(ulong seed)
    {
        try
        {
            return Run(seed, isClaimIgnored: true).Report.Verdict == LinearizabilityVerdict.NotLinearizable;
        }
        catch (SimulationViolationException)
        {
            return true;
        }
    }

    private static (SharedCluster Cluster, LinearizabilityReport Report) Run(ulong seed, bool isClaimIgnored)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var cluster = new SharedCluster(seed, isClaimIgnored);
            cluster.Run(TimeSpan.FromSeconds(120));
            return (cluster, LinearizabilityChecker.Check(cluster.History.Operations));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
