using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Tests.Snapshots;

/// <summary>The bytes of a state as written by format version 1. Snapshots in the field hold them.</summary>
[Trait("Category", "Conformance")]
public sealed class GoldenStateTests
{
    private const string Golden =
        "4F534253 0100 0100 " + // magic, format version, feature level
        "C027090000000000 60EA000000000000 C027090000000000 00100000 00040000 00000200 A0860100 03000000 80000000 0000400000000000 04000000 10000000 " + // limits
        "C237AED4E8000000 0300000000000000 0100000000000000 0010A5D4E8000000 " + // applied time, revision, compacted revision, keys forgotten through
        "0200000000000000 " + // records
        "38000000 03000000000000000300000000000000010000000000000000000000010A0100000000E8D4AE39B50000000061746578742F706C61696E76 " +
        "36000000 030000000000000003000000000000000100000000000000090000000200010001050000000000000000000000000000000000000162 " +
        "0100000000000000 " + // sessions
        "20000000 000000E8D4AE37C200E8D4AE37C0000700000000000000030100000000000000 " +
        "0200000000000000 " + // session results
        "34000000 00E8D4AE37C0000700000000000000030000000000000002E065F7F6FA27D2AA6522A90A8592A4DE010300000000000000020101 " +
        "31000000 00E8D4AE37C000070000000000000003000000000000000400000000000000000000000000000000090300000000000000 " +
        "0200000000000000 " + // idempotency keys
        "27000000 03000000E8D4AE37C06B2031BB165D61E062E9EA086FCB67D646171B0102000000000000000103 " +
        "25000000 02000000E8D4AE37C26B32B948B13AB4FE2C01A2F34F1773ACF90C02030000000000000000 " +
        "0300000000000000 " + // history
        "27000000 02 C037AED4E8000000 0000000000000000020000000000000000000000000000000000000000000300000000006F6C64 " +
        "38000000 01 C137AED4E8000000 03000000000000000300000000000000010000000000000000000000010A0100000000E8D4AE39B50000000061746578742F706C61696E76 " +
        "36000000 01 C137AED4E8000000 030000000000000003000000000000000100000000000000090000000200010001050000000000000000000000000000000000000162 " +
        "53C3303D62CB48CA "; // hash

    [Fact]
    public void State_HasTheseBytes()
    {
        var actual = Make.Encode(Create().TakeView());
        var expected = Convert.FromHexString(Golden.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(actual));
        Assert.Equal(expected, Make.Encode(Make.Decode(expected).TakeView()));
    }

    private static BucketState Create()
    {
        var state = BucketState.Create(BucketLimits.Default with { MaxHistoryEvents = 3, MaxHistoryBytes = 4 * 1024 * 1024 });

        // Forgotten: the key's time is over when the last command comes. Dropped from the history: revision 1.
        state.Put(0, "old", "x", Make.WithKey("gone"));
        var later = (long)BucketLimits.Default.KeyRetention.TotalMilliseconds;
        state.Write(later, Transaction.Of(Operation.Delete(Make.Key("old"))), Make.WithKey("k 1"));
        state.Write(later + 1, new Transaction(
            [],
            [
                Operation.Put(Make.Key("a"), Make.Value("v"), "text/plain", Expiry.After(TimeSpan.FromMilliseconds(500))),
                Operation.Put(Make.Key("b", 1), default, owner: new RecordOwner(RecordOwnerKind.Lease, 5), flags: 9),
            ]),
            new RequestIdentity(RequestId.ForSession(Make.Session(3, later), 2), 1));
        state.Settle(later + 2, RequestId.ForSession(Make.Session(3, later), 4));
        state.Write(later + 2, Transaction.Of(Make.Put("c", "x"), Guard.Exists(Make.Key("c"))), Make.WithKey("k2"));
        return state;
    }
}
