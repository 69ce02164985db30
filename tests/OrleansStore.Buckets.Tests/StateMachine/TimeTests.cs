using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.History;
using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Tests.StateMachine;

[Trait("Category", "Unit")]
public sealed class TimeTests
{
    private readonly BucketState _state = BucketState.Create(new BucketLimits { MaxExpirationsPerCommand = 3 });

    [Fact]
    public void AppliedTime_NeverFalls_WhenALaterLeaderHasASlowerClock()
    {
        _state.Apply(new AdvanceTimeCommand(Make.At(100)));
        _state.Apply(new AdvanceTimeCommand(Make.At(50)));
        Assert.Equal(Make.At(100), _state.AppliedTime);

        // A time to live counts from the applied time, not from the stamp.
        _state.Write(60, Transaction.Of(Make.Put("a", "1", Expiry.After(TimeSpan.FromMilliseconds(10)))));
        Assert.Equal(Make.At(110), _state.NextDueTime);
    }

    [Fact]
    public void Record_IsThereUntilACommandReachesItsExpiry()
    {
        _state.Write(0, Transaction.Of(Make.Put("a", "1", Expiry.After(TimeSpan.FromMilliseconds(10)))));
        _state.Apply(new AdvanceTimeCommand(Make.At(9)));
        Assert.Equal("1", _state.ValueOf("a"));

        var applied = _state.Apply(new AdvanceTimeCommand(Make.At(10)));
        Assert.Null(_state.ValueOf("a"));
        Assert.Null(_state.NextDueTime);
        Assert.Equal(new Revision(2), _state.Revision);
        var change = Assert.Single(applied.Events.ToArray());
        Assert.Equal((ChangeKind.Expired, new Revision(2), Make.At(10)), (change.Kind, change.Revision, change.Time));
        Assert.True(change.Record.IsTombstone);
        Assert.Equal(Make.Value("a"), change.Record.Key.ToArray());
    }

    [Fact]
    public void Expiration_ComesBeforeTheCommandThatBringsTheTime()
    {
        _state.Write(0, Transaction.Of(Make.Put("a", "1", Expiry.At(Make.At(10)))));
        var applied = _state.Apply(Make.Command(10, Transaction.Of(Make.Put("a", "2"), Guard.NotExists(Make.Key("a")))));

        // One command, one revision: the record expired and was made anew.
        Assert.Equal([OperationOutcome.Created], applied.Write!.Operations.ToArray());
        Assert.Equal([ChangeKind.Expired, ChangeKind.Put], applied.Events.ToArray().Select(change => change.Kind));
        Assert.Equal(new Revision(2), _state.Revision);
    }

    [Fact]
    public void Expiration_RaisesTheRevision_WhenTheCommandItselfIsRejected()
    {
        _state.Write(0, Transaction.Of(Make.Put("a", "1", Expiry.At(Make.At(10)))));
        var result = _state.Write(10, Transaction.Of(Make.Put("b", "2"), Guard.Exists(Make.Key("a"))));
        Assert.Equal((WriteStatus.PreconditionFailed, new Revision(2)), (result.Status, result.Revision));
    }

    [Fact]
    public void Expirations_AreBoundedPerCommand_AndHappenInOrderOfTimeThenKey()
    {
        foreach (var (key, at) in new[] { ("d", 5), ("b", 3), ("c", 3), ("a", 9), ("e", 4) })
        {
            _state.Write(0, Transaction.Of(Make.Put(key, "1", Expiry.At(Make.At(at)))));
        }

        Assert.Equal("bce", Expired(_state.Apply(new AdvanceTimeCommand(Make.At(100)))));
        Assert.Equal(Make.At(5), _state.NextDueTime);
        Assert.Equal("da", Expired(_state.Apply(new AdvanceTimeCommand(Make.At(100)))));
        Assert.Equal(new Revision(7), _state.Revision);
    }

    [Fact]
    public void Expiry_IsForgotten_WhenTheRecordIsReplacedOrDeleted()
    {
        _state.Write(0, Transaction.Of(Make.Put("a", "1", Expiry.At(Make.At(10)))));
        _state.Write(0, Transaction.Of(Make.Put("b", "1", Expiry.At(Make.At(10)))));
        _state.Put(1, "a", "2");
        _state.Write(1, Transaction.Of(Operation.Delete(Make.Key("b"))));

        Assert.Null(_state.NextDueTime);
        Assert.Equal(0, _state.Apply(new AdvanceTimeCommand(Make.At(100))).Events.Length);
        Assert.Equal("2", _state.ValueOf("a"));
    }

    [Fact]
    public void FeatureLevel_IsKept_WhenALowerOrEqualOneIsRaised()
    {
        _state.Apply(new RaiseFeatureLevelCommand(Make.At(0), FeatureLevels.Supported));
        Assert.Equal(FeatureLevels.Supported, _state.FeatureLevel);
    }

    // Invariant 13: a replica that meets a committed command it does not know stops; it never skips.
    [Fact]
    public void Apply_StopsAndChangesNothing_WhenTheLevelOrKindIsUnknown()
    {
        var before = Make.Encode(_state.TakeView());
        Assert.Throws<UnknownCommandException>(() => _state.Apply(new RaiseFeatureLevelCommand(Make.At(5), FeatureLevels.Supported + 1)));
        var data = CommandCodec.Encode(new AdvanceTimeCommand(Make.At(5)));
        data[1] = 200;
        Assert.Throws<UnknownCommandException>(() => _state.Apply(data));
        Assert.Throws<CorruptionException>(() => _state.Apply(new byte[] { 1 }));
        Assert.Equal(before, Make.Encode(_state.TakeView()));
    }

    private static string Expired(ApplyResult applied) =>
        string.Concat(applied.Events.ToArray().Select(change => (char)change.Record.Key.Span[0]));
}
