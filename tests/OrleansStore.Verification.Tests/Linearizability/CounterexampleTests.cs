using OrleansStore.Verification.Histories;
using OrleansStore.Verification.Linearizability;
using OrleansStore.Verification.Reports;
using OrleansStore.Verification.Tests.Model;
using static OrleansStore.Verification.Tests.Make;

namespace OrleansStore.Verification.Tests.Linearizability;

/// <summary>What is told of a violation is small, and true.</summary>
[Trait("Category", "Linearizability")]
public sealed class CounterexampleTests
{
    private static Counterexample CounterexampleOf(IReadOnlyList<ClientOperation> history)
    {
        var report = LinearizabilityChecker.Check(history);
        Assert.Equal(LinearizabilityVerdict.NotLinearizable, report.Verdict);
        return report.Counterexample!;
    }

    [Fact]
    public void Counterexample_IsTheLostUpdateAlone_WhenMuchElseHappened()
    {
        var noise = Enumerable.Range(0, 200).SelectMany(i => new[] { Put(10 * i, (10 * i) + 1, $"n{i}", client: 7), Get((10 * i) + 2, (10 * i) + 3, $"n{i}", client: 7) });
        var history = noise.Append(Put(5000, 5001, "a", client: 1)).Append(Put(5002, 5003, "b", client: 2)).Append(Get(5004, 5005, "a", client: 3)).ToList();

        var small = CounterexampleOf(history);

        // That "a" was answered before "b" began, that "b" was answered, and that "a" was read after it: no more is needed.
        Assert.Equal(["put x a", "put x b", "get x"], small.Operations.Select(OperationText.Request));
        Assert.Equal(403, small.Context.Count);
        Assert.Single(small.Stuck);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Counterexample_HoldsOnlyWhatWasObserved_AndIsOneByItself(ulong first)
    {
        var found = 0;
        for (var seed = first * 1000; seed < (first * 1000) + 300; seed++)
        {
            var generator = new RandomHistory(seed) { Operations = 6, Clients = 3, Keys = ["x"], Values = 3, UnknownPercent = 10 };
            var history = generator.Mutate(generator.Mutate(generator.Draw()));
            if (LinearizabilityChecker.Check(history).Counterexample is not { } small)
            {
                continue;
            }

            found++;
            Assert.All(small.Operations, operation => Assert.True(IsWeakerThanOneOf(operation, history), $"seed {seed}: {operation} was not observed"));

            // Writes that nothing left could have observed are not shown; they make no difference.
            var shown = small.Operations.Select(operation => operation.Begin).ToHashSet();
            Assert.False(BruteForce.IsLinearizable([.. small.Operations]), $"seed {seed}");
            Assert.True(small.Operations.Count <= history.Count && shown.Count > 0);
        }

        Assert.True(found > 50, $"{found} violations are too few to say anything");
    }

    [Fact]
    public void Text_NamesTheOperationsAndWhereItGotStuck()
    {
        var text = CounterexampleOf([Put(0, 1, "a"), Put(2, 3, "b"), Get(4, 5, "a")]).ToString();

        Assert.Contains("put x a", text, StringComparison.Ordinal);
        Assert.Contains("one of these would come next, and none can:\n  [4.000000, 5.000000] client 0: get x → a", text, StringComparison.Ordinal);
    }

    private static bool IsWeakerThanOneOf(ClientOperation weak, List<ClientOperation> history) => history.Exists(strong => (weak, strong) switch
    {
        (ReadOperation w, ReadOperation s) => w.Key == s.Key && w.Begin == s.Begin && w.End == s.End && w.Result!.Status == s.Result!.Status
            && (w.Result.Record is null) == (s.Result.Record is null)
            && IsWeaker(w.Result.Revision, s.Result.Revision)
            && (w.Result.Record is null || (w.Result.Record.Value.Span.SequenceEqual(s.Result.Record!.Value.Span) && IsWeaker(w.Result.Record.ModifyRevision, s.Result.Record.ModifyRevision))),
        (WriteOperation w, WriteOperation s) => ReferenceEquals(w.Transaction, s.Transaction) && w.Begin == s.Begin
            && (w.Fate == OperationFate.Unknown || (w.End == s.End && w.Result!.Status == s.Result!.Status && IsWeaker(w.Result.Revision, s.Result.Revision))),
        _ => false,
    });

    private static bool IsWeaker(Revision weak, Revision strong) => weak == Revision.None || weak == strong;
}
