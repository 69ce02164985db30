namespace OrleansStore.Client.Tests;

/// <summary>Outcomes cannot be looked at without seeing the unknown one.</summary>
[Trait("Category", "Unit")]
public sealed class WriteOutcomeTests
{
    private static readonly RequestId Id = RequestId.ForKey("id");

    private static readonly WriteOutcome[] All =
    [
        new WriteOutcome.Applied(Id, new Revision(3), 2, [OperationOutcome.Created]), new WriteOutcome.PreconditionFailed(Id, 1), new WriteOutcome.Unknown(Id),
    ];

    [Fact]
    public void Match_CallsTheFunctionOfWhatHappened() =>
        Assert.Equal(["applied 3", "failed 1", "unknown id"], All.Select(outcome => outcome.Match(a => $"applied {a.Revision}", f => $"failed {f.FailedGuard}", u => $"unknown {u.IdempotencyKey}")));

    [Fact]
    public void ThrowIfNotApplied_ThrowsWhateverElse()
    {
        Assert.Same(All[0], All[0].ThrowIfNotApplied());
        Assert.Equal(ErrorCode.PreconditionFailed, Assert.Throws<StoreException>(() => All[1].ThrowIfNotApplied()).Code);
        Assert.Equal(ErrorCode.OutcomeUnknown, Assert.Throws<StoreException>(() => All[2].ThrowIfNotApplied()).Code);
    }

    [Fact]
    public void Hierarchies_AreClosed()
    {
        foreach (var type in new[] { typeof(WriteOutcome), typeof(UpdateOutcome<int>) })
        {
            var inside = type.GetNestedTypes();

            Assert.Equal(3, inside.Length);
            Assert.All(inside, candidate => Assert.True(candidate.IsSealed));

            // The compiler gives records a protected copy constructor, which needs an instance to copy; the others are private.
            Assert.All(type.GetConstructors(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public), constructor =>
                Assert.True(constructor.IsPrivate || constructor.GetParameters() is [{ ParameterType: var only }] && only == type));
        }
    }

    [Theory]
    [InlineData(true, OperationOutcome.Created)]
    [InlineData(true, OperationOutcome.Missing, OperationOutcome.Deleted)]
    [InlineData(false, OperationOutcome.Missing, OperationOutcome.Missing)]
    [InlineData(false)]
    public void HasChanged_IsAboutOperations(bool hasChanged, params OperationOutcome[] operations) =>
        Assert.Equal(hasChanged, new WriteOutcome.Applied(Id, new Revision(1), 1, [.. operations]).HasChanged);

    [Fact]
    public void Applied_IsEqualByItsMembers()
    {
        Assert.Equal(All[0], new WriteOutcome.Applied(Id, new Revision(3), 2, [OperationOutcome.Created]));
        Assert.NotEqual(All[0], new WriteOutcome.Applied(Id, new Revision(3), 2, [OperationOutcome.Replaced]));
        Assert.NotEqual(All[0], new WriteOutcome.Applied(RequestId.ForKey("other"), new Revision(3), 2, [OperationOutcome.Created]));
    }

    [Fact]
    public void Builder_BuildsWhatItWasGiven()
    {
        var key = StoreKey.FromText("a");
        var builder = new TransactionBuilder().When(Guard.Exists(key)).WhenUnchanged(key, new StoreItem(key, new Revision(7), default, 0, "x/y")).WhenUnchanged(key, null).Put(key, "v");

        var transaction = builder.Build();

        Assert.Equal([GuardKind.Exists, GuardKind.RevisionIn, GuardKind.NotExists], transaction.Guards.Select(guard => guard.Kind));
        Assert.Equal(new Revision(7), transaction.Guards[1].Revisions[0]);
        Assert.Equal("v"u8.ToArray(), Assert.Single(transaction.Operations).Value.ToArray());
        Assert.Throws<ArgumentException>(() => new TransactionBuilder().Build());
        Assert.Throws<ArgumentException>(() => builder.Delete(key).Build());
    }

    [Fact]
    public async Task Builder_Commits_OnlyWhereItCameFromAStore() =>
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await new TransactionBuilder().Delete(StoreKey.FromText("a")).CommitAsync());
}
