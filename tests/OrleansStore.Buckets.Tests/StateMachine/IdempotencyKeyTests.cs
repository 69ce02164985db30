using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Tests.StateMachine;

// Invariant 4: opaque idempotency keys.
[Trait("Category", "Unit")]
public sealed class IdempotencyKeyTests
{
    private const long Retention = 10_000;

    private static readonly BucketLimits Limits = new() { MaxKeys = 3, KeyRetention = TimeSpan.FromMilliseconds(Retention), MaxKeyForgetsPerCommand = 2 };
    private readonly BucketState _state = BucketState.Create(Limits);

    [Fact]
    public void Retry_GetsItsFirstAnswer_WithinTheRetention()
    {
        var first = _state.Put(0, "a", "1", Make.WithKey("k"));
        _state.Put(0, "a", "2");
        Assert.Equal(first, _state.Put(Retention - 1, "a", "1", Make.WithKey("k")));
        Assert.Equal("2", _state.ValueOf("a"));
    }

    [Fact]
    public void Retry_GetsItsFirstAnswer_WhenThatWasARejectionOrNotFound()
    {
        var guarded = Transaction.Of(Make.Put("a", "1"), Guard.Exists(Make.Key("a")));
        var delete = Transaction.Of(Operation.Delete(Make.Key("a")));
        var rejected = _state.Write(0, guarded, Make.WithKey("k"));
        var notFound = _state.Write(0, delete, Make.WithKey("l"));
        _state.Put(0, "a", "2");

        Assert.Equal(rejected, _state.Write(1, guarded, Make.WithKey("k")));
        Assert.Equal(notFound, _state.Write(1, delete, Make.WithKey("l")));
        Assert.Equal("2", _state.ValueOf("a"));
    }

    [Fact]
    public void Key_IsForgotten_AfterTheRetention()
    {
        _state.Put(0, "a", "1", Make.WithKey("k"));
        _state.Put(1, "a", "2");
        Assert.False(_state.Apply(Make.Command(Retention, Transaction.Of(Make.Put("a", "1")), Make.WithKey("k"))).IsRepeat);
    }

    [Fact]
    public void SameKey_WithAnotherRequest_IsRefused()
    {
        _state.Put(0, "a", "1", Make.WithKey("k"));
        Assert.Equal(WriteStatus.IdempotencyMismatch, _state.Put(0, "a", "2", Make.WithKey("k")).Status);
        Assert.Equal("1", _state.ValueOf("a"));
    }

    [Fact]
    public void NewKey_IsThrottledAndChangesNothing_WhereAKeyWouldBeForgottenInsideItsTime()
    {
        foreach (var key in new[] { "k", "l", "m" })
        {
            _state.Put(0, "a", "1", Make.WithKey(key));
        }

        Assert.Equal(WriteStatus.Throttled, _state.Put(Retention - 1, "a", "2", Make.WithKey("n")).Status);
        Assert.Equal("1", _state.ValueOf("a"));
        Assert.Equal(3, _state.KeyCount);

        // Known keys are still answered, and there is room when the first keys' time is over.
        Assert.Equal(WriteStatus.Applied, _state.Put(Retention - 1, "a", "1", Make.WithKey("k")).Status);
        Assert.Equal(WriteStatus.Applied, _state.Put(Retention, "a", "2", Make.WithKey("n")).Status);
        Assert.Equal(2, _state.KeyCount);
    }

    [Fact]
    public void Keys_AreForgottenOldestFirst_InBoundedNumberPerCommand()
    {
        _state.Put(2, "a", "1", Make.WithKey("k"));
        _state.Put(3, "a", "1", Make.WithKey("l"));
        _state.Put(4, "a", "1", Make.WithKey("m"));
        _state.Apply(new AdvanceTimeCommand(Make.At(Retention + 100)));
        Assert.Equal(1, _state.KeyCount);
        Assert.True(_state.FindAnswer(new TransactionCommand(Make.At(0), Make.WithKey("m"), Transaction.Of(Make.Put("a", "1")))) is not null);
    }

    [Fact]
    public void SessionAndKey_DoNotMix()
    {
        _state.Put(0, "a", "1", Make.InSession(1, 1));
        Assert.Equal(WriteStatus.Applied, _state.Put(0, "b", "1", Make.WithKey(Make.InSession(1, 1).Id.ToString())).Status);
    }

    [Fact]
    public void RequestWithoutIdentity_IsAppliedEachTime()
    {
        _state.Put(0, "a", "1");
        Assert.Equal([OperationOutcome.Replaced], _state.Put(0, "a", "1").Operations.ToArray());
    }
}
