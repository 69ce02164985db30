using OrleansStore.Buckets.Commands;

namespace OrleansStore.Buckets.Tests.Commands;

/// <summary>The bytes of commands as written by format version 1. Logs in the field hold them: they are only ever added to.</summary>
[Trait("Category", "Conformance")]
public sealed class GoldenCommandTests
{
    private static readonly WallTime Stamp = new(0x0102_0304_0506);
    private static readonly SessionId Session = SessionId.Create(new WallTime(0x0A0B_0C0D_0E0F), 0x1011, 0x1213_1415_1617_1819);

    public static TheoryData<string, string> Names => new()
    {
        { "advance time", "01 03 060504030201 0000" },
        { "raise feature level", "01 04 0605040302010000 0100" },
        { "settle session", "01 02 0605040302010000 02 19181716151413121110 0F0E0D0C0B0A 0700000000000000 0000000000000000 00" },
        { "settle key", "01 02 0605040302010000 03 03 612062 01 0807060504030000" },
        { "put", "01 01 0605040302010000 02 19181716151413121110 0F0E0D0C0B0A 0700000000000000 0500000000000000 00 01" +
            "01 02000000 0300 6B6579 EFBEADDE 02 E803000000000000 01 0F0E0D0C0B0A09080706050403020100 0A 746578742F706C61696E 02000000 00FF" },
        { "every guard and operation", "01 01 0605040302010000 03 01 6B 05 03" +
            "01 00000000 0100 61" +
            "02 00000000 0100 62" +
            "03 00000000 0100 63 02 0100000000000000 FFFFFFFFFFFFFFFF" +
            "04 01000000 0100 64 01 0900000000000000" +
            "05 00000000 0100 65 01000000 76" +
            "01 00000000 0100 66 00000000 01 00 00 00000000" +
            "02 00000000 0100 67" +
            "01 00000000 0100 68 00000000 03 0807060504030000 02 01000000000000000000000000000000 00 00000000" },
        { "no identity", "01 01 0605040302010000 01 00 01 02 00000000 0100 61" },
    };

    [Theory, MemberData(nameof(Names))]
    public void Command_HasTheseBytes(string name, string hex)
    {
        var expected = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(CommandCodec.Encode(Create(name))));
        Assert.Equal(expected, CommandCodec.Encode(CommandCodec.Decode(expected)));
    }

    private static BucketCommand Create(string name) => name switch
    {
        "advance time" => new AdvanceTimeCommand(Stamp),
        "raise feature level" => new RaiseFeatureLevelCommand(Stamp, 1),
        "settle session" => new SettleOutcomeCommand(Stamp, RequestId.ForSession(Session, 7)),
        "settle key" => new SettleOutcomeCommand(Stamp, RequestId.ForKey("a b"), new WallTime(0x0304_0506_0708)),
        "put" => new TransactionCommand(Stamp, new RequestIdentity(RequestId.ForSession(Session, 7), 5), Transaction.Of(Operation.Put(
            Make.Key("key", 2),
            new byte[] { 0, 255 },
            "text/plain",
            Expiry.After(TimeSpan.FromSeconds(1)),
            new RecordOwner(RecordOwnerKind.Lease, new UInt128(0x0001020304050607, 0x08090A0B0C0D0E0F)),
            0xDEADBEEF))),
        "every guard and operation" => new TransactionCommand(Stamp, new RequestIdentity(RequestId.ForKey("k")), new Transaction(
            [
                Guard.Exists(Make.Key("a")),
                Guard.NotExists(Make.Key("b")),
                Guard.RevisionIn(Make.Key("c"), new Revision(1), new Revision(ulong.MaxValue)),
                Guard.RevisionNotIn(Make.Key("d", 1), new Revision(9)),
                Guard.ValueEquals(Make.Key("e"), Make.Value("v")),
            ],
            [
                Operation.Put(Make.Key("f"), default),
                Operation.Delete(Make.Key("g")),
                Operation.Put(
                    Make.Key("h"), default, expiry: Expiry.At(new WallTime(0x0304_0506_0708)), owner: new RecordOwner(RecordOwnerKind.Intent, UInt128.One)),
            ])),
        _ => new TransactionCommand(Stamp, default, Transaction.Of(Operation.Delete(Make.Key("a")))),
    };
}
