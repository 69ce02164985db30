using System.Collections.Immutable;

namespace OrleansStore.Buckets.Tests.Requests;

[Trait("Category", "Unit")]
public sealed class RequestTests
{
    [Fact]
    public void Key_HasOneTo1024Bytes()
    {
        Assert.Throws<ArgumentException>(() => new StoreKey(default, default));
        Assert.Throws<ArgumentException>(() => new StoreKey(default, new byte[1025]));
        Assert.Equal(1024, new StoreKey(default, new byte[1024]).Bytes.Length);
        Assert.Throws<ArgumentException>(() => Operation.Delete(default));
        Assert.Throws<ArgumentException>(() => Guard.Exists(default));
    }

    [Fact]
    public void Keys_AreOrderedByNamespaceThenBytes()
    {
        StoreKey[] ordered = [Make.Key("a"), Make.Key("a\0"), Make.Key("aa"), Make.Key("b"), Make.Key("a", 1)];
        Assert.Equal(ordered, ordered.Reverse().Order());
        Assert.True(Make.Key("a") == Make.Key("a") && Make.Key("a") != Make.Key("a", 1));
        Assert.Equal(Make.Key("a").GetHashCode(), Make.Key("a").GetHashCode());
    }

    [Fact]
    public void Transaction_RefusesWhatExceedsItsBounds()
    {
        static ImmutableArray<Operation> Deletes(int count) => [.. Enumerable.Range(0, count).Select(i => Operation.Delete(Make.Key($"{i}")))];
        Assert.Throws<ArgumentException>(() => new Transaction([], []));
        Assert.Throws<ArgumentException>(() => new Transaction([], Deletes(129)));
        Assert.Throws<ArgumentException>(() => new Transaction([.. Enumerable.Repeat(Guard.Exists(Make.Key("a")), 129)], []));
        Assert.Throws<ArgumentException>(() => new Transaction([], [Make.Put("a", "1"), Operation.Delete(Make.Key("a"))]));
        Assert.Equal(128, new Transaction([.. Enumerable.Repeat(Guard.Exists(Make.Key("a")), 128)], Deletes(128)).Operations.Length);
        Assert.Equal(2, new Transaction([], [Operation.Delete(Make.Key("a", 0)), Operation.Delete(Make.Key("a", 1))]).Operations.Length);
    }

    [Fact]
    public void Value_IsBounded_ByDefaultAndAtMost()
    {
        var large = new byte[StoreLimits.DefaultMaxValueBytes + 1];
        Assert.Throws<ArgumentException>(() => Transaction.Of(Operation.Put(Make.Key("a"), large)));
        Assert.Throws<ArgumentException>(() => Transaction.Of(Operation.Delete(Make.Key("a")), Guard.ValueEquals(Make.Key("a"), large)));
        Assert.Single(new Transaction([], [Operation.Put(Make.Key("a"), large)], StoreLimits.MaxValueBytes).Operations);
        Assert.Throws<ArgumentException>(() => Operation.Put(Make.Key("a"), new byte[StoreLimits.MaxValueBytes + 1]));
        var half = new byte[StoreLimits.MaxValueBytes / 2 + 1024 * 1024];
        Assert.Throws<ArgumentException>(
            () => new Transaction([], [Operation.Put(Make.Key("a"), half), Operation.Put(Make.Key("b"), half)], StoreLimits.MaxValueBytes));
    }

    [Theory]
    [InlineData("a\tb")]
    [InlineData("caf\u00e9")]
    [InlineData("a\u007f")]
    public void ContentType_IsPrintableAscii(string contentType) =>
        Assert.Throws<ArgumentException>(() => Operation.Put(Make.Key("a"), default, contentType));

    [Fact]
    public void Expiry_RefusesTimesOutOfRange()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Expiry.After(TimeSpan.FromMicroseconds(999)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Expiry.After(StoreLimits.MaxTimeToLive + TimeSpan.FromMilliseconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Expiry.At(WallTime.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => Expiry.At(new WallTime(WallTime.MaxUnixMilliseconds + 1)));
        Assert.Equal(WallTime.Max, Expiry.After(StoreLimits.MaxTimeToLive).EndsAt(WallTime.Max));
        Assert.Null(default(Expiry).EndsAt(WallTime.Max));
    }

    [Fact]
    public void RequestId_HasOneText_ThatReadsBack()
    {
        var session = SessionId.Create(new WallTime(0x0123456789AB), 0xCDEF, 0x0011223344556677);
        Assert.Equal(new WallTime(0x0123456789AB), session.Created);
        var id = RequestId.ForSession(session, 42);
        Assert.Equal("s:0123456789abcdef0011223344556677:42", id.ToString());
        foreach (var one in new[] { id, RequestId.ForSession(session, ulong.MaxValue), RequestId.ForKey("k"), RequestId.ForKey("s:1"), RequestId.ForKey(new string('~', 64)) })
        {
            Assert.True(RequestId.TryParse(one.ToString(), out var parsed));
            Assert.Equal(one, parsed);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("k:")]
    [InlineData("k:caf\u00e9")]
    [InlineData("x:1")]
    [InlineData("s:")]
    [InlineData("s:0123456789abcdef0011223344556677")]
    [InlineData("s:0123456789abcdef0011223344556677:")]
    [InlineData("s:0123456789abcdef0011223344556677:0")]
    [InlineData("s:0123456789abcdef0011223344556677:01")]
    [InlineData("s:0123456789abcdef0011223344556677:+1")]
    [InlineData("s:0123456789abcdef0011223344556677:1 ")]
    [InlineData("s:0123456789abcdef0011223344556677:18446744073709551616")]
    [InlineData("s:0123456789ABCDEF0011223344556677:1")]
    [InlineData("s:000000000000cdef0011223344556677:1")]
    [InlineData("s:ffffffffffffcdef0011223344556677:1")]
    public void RequestId_IsNotRead_FromAnyOtherText(string? text) => Assert.False(RequestId.TryParse(text, out _));

    [Fact]
    public void RequestIdentity_IsAnsweredOnlyBelowItself()
    {
        var id = Make.InSession(1, 5).Id;
        Assert.Equal(4UL, new RequestIdentity(id, 4).AnsweredUpTo);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RequestIdentity(id, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RequestIdentity(RequestId.ForKey("k"), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RequestId.ForSession(Make.Session(1), 0));
        Assert.Throws<ArgumentException>(() => RequestId.ForKey(new string('x', 65)));
    }

    [Fact]
    public void WriteResult_ComparesItsOutcomes()
    {
        var one = new WriteResult(WriteStatus.Applied, new Revision(1)) { Operations = [OperationOutcome.Created] };
        Assert.Equal(one, new WriteResult(WriteStatus.Applied, new Revision(1)) { Operations = [OperationOutcome.Created] });
        Assert.NotEqual(one, one with { Operations = [OperationOutcome.Replaced] });
    }
}
