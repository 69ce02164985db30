using OrleansStore.Verification.Histories;
using OrleansStore.Verification.Invariants;
using OrleansStore.Verification.Linearizability;
using OrleansStore.Verification.Reports;
using OrleansStore.Verification.Tests.Model;

namespace OrleansStore.Verification.Tests.Linearizability;

/// <summary>Random histories: small ones against brute force, large ones that are right by construction, and the same with one mistake.</summary>
public sealed class RandomHistoryTests
{
    private static RandomHistory Small(ulong seed)
    {
        var random = new SplitMix64(seed * 31);
        return new RandomHistory(seed)
        {
            Operations = 3 + random.Next(4),
            Clients = 1 + random.Next(4),
            Keys = random.Next(3) == 0 ? ["x", "y"] : ["x"],
            Values = 1 + random.Next(3),
            UnknownPercent = random.Next(3) * 20,
            WidePercent = random.Next(2) * 40,
            TellsRevisions = random.Next(2) == 0,
        };
    }

    private static List<ClientOperation> DrawSmall(ulong seed)
    {
        var generator = Small(seed);
        var history = generator.Draw();
        for (var mutations = (int)(seed % 4); mutations > 0; mutations--)
        {
            history = generator.Mutate(history);
        }

        return history;
    }

    private static void CheckAgainstBruteForce(ulong first, int count)
    {
        var (refused, tooMild) = (0, 0);
        for (var seed = first; seed < first + (ulong)count; seed++)
        {
            var history = DrawSmall(seed);
            var expected = BruteForce.IsLinearizable(history);
            refused += expected ? 0 : 1;
            var report = LinearizabilityChecker.Check(history);
            var violations = new List<Violation>();
            RevisionOrderChecker.Check(history, _ => new BucketId(0), violations.Add);
            Assert.NotEqual(LinearizabilityVerdict.Undecided, report.Verdict);
            var isAccepted = report.Verdict == LinearizabilityVerdict.Linearizable && violations.Count == 0;
            if (isAccepted && !expected && MayBeTooMild(history))
            {
                tooMild++;
                continue;
            }

            Assert.True(
                isAccepted == expected,
                $"seed {seed}: brute force says {expected}, the checker {report.Verdict}\n{string.Join('\n', history.OrderBy(operation => operation.Begin).Select(OperationText.Describe))}\n{report.Counterexample}{string.Join('\n', violations)}");
        }

        // Both verdicts must be common, or the comparison means little.
        Assert.InRange(refused, count / 5, 4 * count / 5);
        Assert.InRange(tooMild, 0, count / 500);
    }

    /// <summary>What the checker says of itself: it judges mildly where revisions matter that nobody was told.</summary>
    private static bool MayBeTooMild(List<ClientOperation> history)
    {
        var writes = history.OfType<WriteOperation>().ToList();
        var untold = writes.Count(write => write.Fate == OperationFate.Unknown || (write.Fate == OperationFate.Decided && write.Result!.Revision == Revision.None));
        var hasRevisionGuards = writes.Exists(write => write.Transaction.Guards.Any(guard => guard.Kind is GuardKind.RevisionIn or GuardKind.RevisionNotIn));
        var keys = history.OfType<ReadOperation>().Select(read => read.Key).Concat(writes.SelectMany(write => write.Transaction.Operations.Select(change => change.Key))).Distinct().Count();
        return untold > 0 && (hasRevisionGuards || keys > 1);
    }

    [Fact, Trait("Category", "Property")]
    public void Checker_AgreesWithBruteForce_OnSmallHistories() => CheckAgainstBruteForce(1, 4_000);

    // 1080267: of two writes with unknown outcome the first made one key right and another wrong, and the second made that good; the first was not thought of.
    [Fact, Trait("Category", "Property")]
    public void Checker_AgreesWithBruteForce_WhereItOnceDidNot() => CheckAgainstBruteForce(1_080_000, 500);

    [Fact, Trait("Category", "Slow")]
    public void Checker_AgreesWithBruteForce_OnManySmallHistories() => CheckAgainstBruteForce(1_000_000, 150_000);
}
