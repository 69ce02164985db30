using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.Tests.StateMachine;

namespace OrleansStore.Buckets.Tests.Commands;

public sealed class CommandCodecTests
{
    [Fact, Trait("Category", "Property")]
    public void Decoding_GivesBackWhatWasEncoded() => Seeds.ForEach(30, seed =>
    {
        var generator = new CommandGenerator(new TestRandom(seed));
        for (var i = 0; i < 200; i++)
        {
            var command = generator.Next();
            var bytes = CommandCodec.Encode(command);
            var decoded = CommandCodec.Decode(bytes);
            Assert.Equal(command.GetType(), decoded.GetType());
            Assert.Equal(command.Stamp, decoded.Stamp);
            Assert.Equal(bytes, CommandCodec.Encode(decoded));
            if (command is TransactionCommand transaction)
            {
                Assert.Equal(transaction.Identity, ((TransactionCommand)decoded).Identity);
                Assert.Equal(transaction.Content, ((TransactionCommand)decoded).Content);
            }
        }
    });

    // Whatever bytes are accepted, they are the one encoding of what was read; all others are refused in one of the two ways.
    [Fact, Trait("Category", "Property")]
    public void Decoding_RefusesDamage_OrReadsItAsAnotherCommand() => Seeds.ForEach(50, seed =>
    {
        var random = new TestRandom(seed);
        var generator = new CommandGenerator(random);
        for (var i = 0; i < 300; i++)
        {
            var bytes = CommandCodec.Encode(generator.Next()).ToList();
            for (var damage = 1 + random.Below(3); damage > 0 && bytes.Count > 0; damage--)
            {
                var at = random.Below(bytes.Count);
                switch (random.Below(4))
                {
                    case 0:
                        bytes[at] ^= (byte)(1 << random.Below(8));
                        break;
                    case 1:
                        bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + random.Below(4)));
                        break;
                    case 2:
                        bytes.InsertRange(at, random.Bytes(1 + random.Below(4)));
                        break;
                    default:
                        bytes[at] = (byte)random.Next();
                        break;
                }
            }

            AssertRefusedOrCanonical([.. bytes]);
            AssertRefusedOrCanonical(random.Bytes(random.Below(100)));
        }
    });

    [Fact, Trait("Category", "Unit")]
    public void Decoding_RefusesEveryPrefixAndTrailingBytes() => Seeds.ForEach(20, seed =>
    {
        var generator = new CommandGenerator(new TestRandom(seed));
        for (var i = 0; i < 20; i++)
        {
            var bytes = CommandCodec.Encode(generator.Next());
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<CorruptionException>(() => CommandCodec.Decode(bytes.AsMemory(0, length)));
            }

            Assert.Throws<CorruptionException>(() => CommandCodec.Decode((byte[])[.. bytes, 0]));
        }
    });

    [Theory, Trait("Category", "Unit")]
    [InlineData("00 03 0000000000000000", false)] // format version 0
    [InlineData("02 03 0000000000000000", true)] // a later format version
    [InlineData("01 00 0000000000000000", false)] // kind 0
    [InlineData("01 05 0000000000000000", true)] // a later kind
    [InlineData("01 03 FFFFFFFFFFFFFFFF", false)] // a stamp before 1970
    [InlineData("01 03 FFFFFFFFFFFFFF7F", false)] // a stamp after the year 9999
    [InlineData("01 04 0000000000000000 0000", false)] // feature level 0
    [InlineData("01 02 0000000000000000 01 00", false)] // the outcome of a request without identity
    [InlineData("01 01 0000000000000000 00 01 00", false)] // request id form 0
    [InlineData("01 01 0000000000000000 04 01 00", true)] // a later request id form
    [InlineData("01 01 0000000000000000 01 00 00", false)] // neither guards nor operations
    [InlineData("01 01 0000000000000000 01 01 00 06 00000000 0100 61", true)] // a later guard kind
    [InlineData("01 01 0000000000000000 01 00 01 03 00000000 0100 61", true)] // a later operation kind
    [InlineData("01 01 0000000000000000 01 00 01 02 00000000 0000", false)] // an empty key
    [InlineData("01 01 0000000000000000 01 00 02 02 00000000 0100 61 02 00000000 0100 61", false)] // a key twice
    public void Decoding_TellsUnknownFromDamaged(string hex, bool isUnknown)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var refused = Record.Exception(() => CommandCodec.Decode(bytes));
        Assert.IsType(isUnknown ? typeof(UnknownCommandException) : typeof(CorruptionException), refused);
    }

    [Fact, Trait("Category", "Unit")]
    public void Fingerprint_DependsOnTheContentAlone()
    {
        static Fingerprint Of(long at, RequestIdentity identity, Transaction transaction) => new TransactionCommand(Make.At(at), identity, transaction).Content;
        var put = Transaction.Of(Make.Put("a", "1"));
        Assert.Equal(Of(0, Make.InSession(1, 9), put), Of(5, Make.InSession(2, 7, 6), Transaction.Of(Make.Put("a", "1"))));
        Assert.NotEqual(Of(0, default, put), Of(0, default, Transaction.Of(Make.Put("a", "2"))));
        Assert.NotEqual(Of(0, default, put), Of(0, default, Transaction.Of(Make.Put("a", "1"), Guard.Exists(Make.Key("a")))));
    }

    private static void AssertRefusedOrCanonical(byte[] bytes)
    {
        try
        {
            Assert.Equal(bytes, CommandCodec.Encode(CommandCodec.Decode(bytes)));
        }
        catch (Exception e) when (e is CorruptionException or UnknownCommandException)
        {
        }
    }
}
