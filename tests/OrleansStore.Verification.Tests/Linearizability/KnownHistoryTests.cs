using OrleansStore.Verification.Linearizability;
using OrleansStore.Verification.Tests.Model;

namespace OrleansStore.Verification.Tests.Linearizability;

/// <summary>The judge is judged first.</summary>
[Trait("Category", "Linearizability")]
public sealed class KnownHistoryTests
{
    public static TheoryData<string> Names => [.. KnownHistories.All.Select(history => history.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Checker_GivesTheKnownVerdict_WhenHistoryIs(string name)
    {
        var known = KnownHistories.All.Single(history => history.Name == name);

        var report = LinearizabilityChecker.Check(known.Operations);

        Assert.Equal(known.IsLinearizable ? LinearizabilityVerdict.Linearizable : LinearizabilityVerdict.NotLinearizable, report.Verdict);
        Assert.Equal(known.IsLinearizable, report.Counterexample is null);
    }

    [Theory, MemberData(nameof(Names))]
    public void BruteForce_GivesTheKnownVerdict_WhenHistoryIs(string name)
    {
        var known = KnownHistories.All.Single(history => history.Name == name);

        Assert.Equal(known.IsLinearizable, BruteForce.IsLinearizable(known.Operations));
    }

    [Fact]
    public void Histories_AreEnough_ToMeanSomething()
    {
        Assert.True(KnownHistories.All.Count(history => history.IsLinearizable) >= 20);
        Assert.True(KnownHistories.All.Count(history => !history.IsLinearizable) >= 20);
        Assert.Equal(KnownHistories.All.Length, KnownHistories.All.Select(history => history.Name).Distinct().Count());
    }
}
