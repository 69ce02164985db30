namespace OrleansStore.Simulation;

/// <summary>The judge is judged first: histories whose verdict is known.</summary>
[Trait("Category", "Linearizability")]
public sealed class LinearizabilityCheckerTests
{
    private static SimOperation Op(SimOperationKind kind, double begin, double end, ulong value, SimOutcome outcome = SimOutcome.Ok, ulong expected = 0) => new()
    {
        Kind = kind,
        Key = 0,
        Value = value,
        Expected = expected,
        Begin = TimeSpan.FromSeconds(begin),
        End = outcome == SimOutcome.Unknown ? TimeSpan.MaxValue : TimeSpan.FromSeconds(end),
        Outcome = outcome,
    };

    private static SimOperation Put(double begin, double end, ulong value, SimOutcome outcome = SimOutcome.Ok) => Op(SimOperationKind.Put, begin, end, value, outcome);

    private static SimOperation Get(double begin, double end, ulong value) => Op(SimOperationKind.Get, begin, end, value);

    private static void Accepts(params SimOperation[] history) => Assert.True(LinearizabilityChecker.IsLinearizable(history));

    private static void Refuses(params SimOperation[] history) => Assert.False(LinearizabilityChecker.IsLinearizable(history));

    [Fact]
    public void SequentialHistory_IsAccepted() => Accepts(Put(0, 1, 1), Get(2, 3, 1), Put(4, 5, 2), Get(6, 7, 2));

    [Fact]
    public void StaleRead_IsRefused() => Refuses(Put(0, 1, 1), Put(2, 3, 2), Get(4, 5, 1));

    [Fact]
    public void LostUpdate_IsRefused() => Refuses(Put(0, 1, 1), Get(2, 3, 0));

    [Fact]
    public void ConcurrentRead_MaySeeEither()
    {
        Accepts(Put(0, 10, 1), Get(1, 2, 0), Get(3, 4, 1));
        Accepts(Put(0, 10, 1), Get(1, 2, 1));
    }

    [Fact]
    public void ReadsThatGoBack_AreRefused() => Refuses(Put(0, 10, 1), Get(1, 2, 1), Get(3, 4, 0));

    [Fact]
    public void UnknownWrite_MayTakeEffectLateOrNever()
    {
        Accepts(Put(0, 0, 1, SimOutcome.Unknown), Get(5, 6, 0), Get(7, 8, 1));
        Accepts(Put(0, 0, 1, SimOutcome.Unknown), Get(5, 6, 0));
    }

    [Fact]
    public void UnknownWrite_TakesEffectOnce() =>
        Refuses(Put(0, 0, 1, SimOutcome.Unknown), Get(1, 2, 1), Put(3, 4, 2), Get(5, 6, 2), Get(7, 8, 1));

    [Fact]
    public void UnknownWrite_DoesNotTakeEffectBeforeItBegan() => Refuses(Get(0, 1, 1), Put(2, 2, 1, SimOutcome.Unknown));

    [Fact]
    public void CompareAndSet_IsJudgedByItsResult()
    {
        Accepts(Put(0, 1, 1), Op(SimOperationKind.CompareAndSet, 2, 3, 2, expected: 1), Get(4, 5, 2));
        Refuses(Put(0, 1, 1), Op(SimOperationKind.CompareAndSet, 2, 3, 2, expected: 7), Get(4, 5, 2));
        Accepts(Put(0, 1, 1), Op(SimOperationKind.CompareAndSet, 2, 3, 2, SimOutcome.Rejected, expected: 7), Get(4, 5, 1));
        Refuses(Put(0, 1, 1), Op(SimOperationKind.CompareAndSet, 2, 3, 2, SimOutcome.Rejected, expected: 1), Get(4, 5, 1));
    }

    [Fact]
    public void TwoCompareAndSets_OfOneValue_CannotBothSucceed() => Refuses(
        Put(0, 1, 1), Op(SimOperationKind.CompareAndSet, 2, 5, 2, expected: 1), Op(SimOperationKind.CompareAndSet, 3, 6, 3, expected: 1));

    [Fact]
    public void Delete_IsJudgedByItsResult()
    {
        Accepts(Put(0, 1, 1), Op(SimOperationKind.Delete, 2, 3, 0), Get(4, 5, 0));
        Refuses(Put(0, 1, 1), Op(SimOperationKind.Delete, 2, 3, 0, SimOutcome.Rejected));
    }

    // A resurrected write: it was overwritten, and comes back after a change of leader.
    [Fact]
    public void ResurrectedValue_IsRefused() => Refuses(Put(0, 1, 1), Put(2, 3, 2), Get(4, 5, 2), Get(6, 7, 1));
}
