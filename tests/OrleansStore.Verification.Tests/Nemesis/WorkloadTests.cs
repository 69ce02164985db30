using OrleansStore.Client;
using OrleansStore.Verification.Nemesis.Workload;

namespace OrleansStore.Verification.Tests.Nemesis;

/// <summary>What clients of the workload ask for, and what is made of their answers.</summary>
[Trait("Category", "Unit")]
public sealed class WorkloadTests
{
    [Fact]
    public void Value_IsRecognised_AndEveryOtherByteIsNot()
    {
        var value = WorkValue.Encode(123_456);

        Assert.Equal(123_456, WorkValue.Decode(value));
        Assert.NotEqual(value, WorkValue.Encode(123_457));
        Assert.Equal(WorkValue.Foreign, WorkValue.Decode(value.AsSpan(1)));
        Assert.Equal(WorkValue.Foreign, WorkValue.Decode(new byte[WorkValue.Bytes]));
        for (var i = 0; i < value.Length; i++)
        {
            value[i] ^= 1;
            Assert.Equal(WorkValue.Foreign, WorkValue.Decode(value));
            value[i] ^= 1;
        }
    }

    [Fact]
    public void Families_RetireWhenTheyAreUsedUp_AndNeverComeBack()
    {
        var families = new KeyFamilies("p/", 2 * KeyFamilies.Size);
        var random = new SplitMix64(1);
        var used = new Dictionary<int, int>();
        var retired = new HashSet<int>();
        for (var i = 0; i < 20 * KeyFamilies.MaxOperations; i++)
        {
            var family = families.Draw(random);
            Assert.DoesNotContain(family, retired);
            if ((used[family] = used.GetValueOrDefault(family) + 1) == KeyFamilies.MaxOperations)
            {
                retired.Add(family);
            }
        }

        Assert.InRange(retired.Count, 18, 20);
        Assert.Equal(families.Count, retired.Count + 2);
        Assert.All(used.Keys, family => Assert.InRange(family, 0, families.Count - 1));
    }

    [Fact]
    public void Families_AreCountedOnce_WhenManyDrawAtATime()
    {
        var families = new KeyFamilies("p/", KeyFamilies.Size);
        Parallel.For(0, 8, i =>
        {
            var random = new SplitMix64((ulong)i);
            for (var drawn = 0; drawn < 10_000; drawn++)
            {
                families.Draw(random);
            }
        });

        // A retirement can be late by what others draw in between, never too early and never twice.
        Assert.InRange(families.Count, 20, 1 + (80_000 / KeyFamilies.MaxOperations));
    }

    [Fact]
    public void KeysOfAFamily_ShareABucket()
    {
        var families = new KeyFamilies("p/", 1);

        Assert.Equal("p/{7}/3", System.Text.Encoding.UTF8.GetString(families.KeyOf((7 * KeyFamilies.Size) + 3).Bytes.Span));
    }

    [Fact]
    public void Script_DrawsEveryKind_AndConditionsOnlyOnWhatWasSeen()
    {
        var value = 0;
        var families = new KeyFamilies("p/", 64);
        var script = new WorkScript(3, families, new SplitMix64(5), () => ++value);
        var counts = new Dictionary<WorkKind, int>();
        var isBlind = true;
        for (var i = 0; i < 5000; i++)
        {
            var operation = script.Next();
            Assert.Equal(3, operation.Client);
            Assert.Equal(operation.Kind is WorkKind.SwapValue or WorkKind.Move, operation.ExpectedValue > 0);
            Assert.Equal(operation.Kind == WorkKind.SwapRevision, operation.ExpectedRevision > 0);
            Assert.False(isBlind && operation.Kind is WorkKind.SwapValue or WorkKind.SwapRevision or WorkKind.Move, "A condition on what nobody has seen.");
            if (operation.Kind is WorkKind.PutPair or WorkKind.Move)
            {
                Assert.NotEqual(operation.Key, operation.OtherKey);
                Assert.Equal(operation.Key / KeyFamilies.Size, operation.OtherKey / KeyFamilies.Size);
            }

            counts[operation.Kind] = counts.GetValueOrDefault(operation.Kind) + 1;
            if (operation.Kind == WorkKind.Get && i > 100)
            {
                script.Observe(operation with { Status = WorkStatus.Found, Value = ++value, Revision = (ulong)i });
                isBlind = false;
            }
        }

        Assert.Equal(Enum.GetValues<WorkKind>().Order(), counts.Keys.Order());
        Assert.All(counts.Values, count => Assert.True(count > 150, $"only {count}"));
    }

    [Fact]
    public void Script_GivesTheSame_FromTheSameSeed()
    {
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));

        static List<(WorkKind, int)> Draw(ulong seed)
        {
            var script = new WorkScript(0, new KeyFamilies("p/", 64), new SplitMix64(seed), () => 1);
            return [.. Enumerable.Range(0, 50).Select(_ => script.Next()).Select(operation => (operation.Kind, operation.Key))];
        }
    }

    [Fact]
    public void Answer_BecomesWhatItSays()
    {
        var id = RequestId.ForKey("a");
        var put = new OperationRecord { Kind = WorkKind.Put, Value = 1 };

        var applied = WorkAnswer.Apply(put, new WriteOutcome.Applied(id, new Revision(7), 2, [OperationOutcome.Created]));
        Assert.Equal((WorkStatus.Applied, 7UL, OperationOutcome.Created), (applied.Status, applied.Revision, applied.Outcome));
        Assert.Equal(WorkStatus.Missing, WorkAnswer.Apply(put, new WriteOutcome.Applied(id, new Revision(7), 2, [OperationOutcome.Missing])).Status);
        Assert.Equal(WorkStatus.Rejected, WorkAnswer.Apply(put, new WriteOutcome.PreconditionFailed(id, 0)).Status);
        var unknown = WorkAnswer.Apply(put, new WriteOutcome.Unknown(id));
        Assert.Equal((WorkStatus.Unknown, (byte)ErrorCode.OutcomeUnknown, false), (unknown.Status, unknown.Error, unknown.IsAnswered));

        var settled = WorkAnswer.Apply(unknown, new OutcomeResult(OutcomeStatus.Applied, new WriteResult(WriteStatus.Applied, new Revision(9)) { Operations = [OperationOutcome.Replaced] }));
        Assert.Equal((WorkStatus.Applied, 9UL, (byte)0), (settled.Status, settled.Revision, settled.Error));
        Assert.Equal(WorkStatus.Failed, WorkAnswer.Apply(unknown, new OutcomeResult(OutcomeStatus.NeverApplied)).Status);
        Assert.Equal(WorkStatus.Rejected, WorkAnswer.Apply(unknown, new OutcomeResult(OutcomeStatus.Rejected, new WriteResult(WriteStatus.PreconditionFailed, new Revision(3)))).Status);
        Assert.Equal(WorkStatus.Missing, WorkAnswer.Apply(unknown, new OutcomeResult(OutcomeStatus.Rejected, new WriteResult(WriteStatus.NotFound, new Revision(3)))).Status);
        Assert.Equal(WorkStatus.Unknown, WorkAnswer.Apply(unknown, new OutcomeResult(OutcomeStatus.Expired)).Status);
    }

    [Fact]
    public void AnswersToOneId_Agree_OnlyWhereTheySayTheSame()
    {
        var id = RequestId.ForKey("a");
        WriteOutcome applied = new WriteOutcome.Applied(id, new Revision(7), 2, [OperationOutcome.Created]);

        Assert.True(WorkAnswer.Agree(applied, new WriteOutcome.Applied(id, new Revision(7), 3, [OperationOutcome.Created])));
        Assert.False(WorkAnswer.Agree(applied, new WriteOutcome.Applied(id, new Revision(8), 2, [OperationOutcome.Created])));
        Assert.False(WorkAnswer.Agree(applied, new WriteOutcome.PreconditionFailed(id, 0)));
        Assert.False(WorkAnswer.Agree(new WriteOutcome.PreconditionFailed(id, 0), applied));
    }

    [Fact]
    public void Log_KeepsEveryRecord_InOrder()
    {
        var log = new OperationLog();
        for (var i = 0; i < 10_000; i++)
        {
            log.Add(new OperationRecord { Key = i });
        }

        Assert.Equal(10_000, log.Count);
        Assert.All(Enumerable.Range(0, 10_000), i => Assert.Equal(i, log[i].Key));
    }
}
