using System.Text;
using OrleansStore.Placement.Hashing;

namespace OrleansStore.Placement.Tests.Hashing;

public sealed class PartitionKeyTests
{
    [Theory, Trait("Category", "Unit")]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("{a}", "a")]
    [InlineData("cart/{42}/lines", "42")]
    [InlineData("{a}{b}", "a")]
    [InlineData("a{b}c{d}", "b")]
    [InlineData("{}x", "{}x")]
    [InlineData("{}", "{}")]
    [InlineData("{}a{b}", "{}a{b}")]
    [InlineData("{a", "{a")]
    [InlineData("{", "{")]
    [InlineData("}", "}")]
    [InlineData("a}", "a}")]
    [InlineData("}{a}", "a")]
    [InlineData("}{", "}{")]
    [InlineData("{{a}}", "{a")]
    [InlineData("{a{b}}", "a{b")]
    [InlineData("{ }", " ")]
    [InlineData("x{a}", "a")]
    public void Of_IsBetweenFirstOpenAndNextClose_UnlessEmpty(string key, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(PartitionKey.Of(Encoding.UTF8.GetBytes(key))));

    [Fact, Trait("Category", "Property")]
    public void Of_AgreesWithByteByByteReading_ForRandomKeys()
    {
        const ulong Seed = 0x5EED_0003;
        var random = new SplitMix64(Seed);
        for (var i = 0; i < 20_000; i++)
        {
            var key = Enumerable.Range(0, random.Next(0, 9)).Select(_ => "{}ab\0"u8[random.Next(0, 5)]).ToArray();
            Assert.True(PartitionKey.Of(key).SequenceEqual(ReadByteByByte(key)), $"seed {Seed:x}: {Convert.ToHexString(key)}");
        }
    }

    private static byte[] ReadByteByByte(byte[] key)
    {
        for (var open = 0; open < key.Length; open++)
        {
            if (key[open] == '{')
            {
                var inside = key.Skip(open + 1).TakeWhile(value => value != '}').ToArray();
                var isClosed = open + 1 + inside.Length < key.Length;
                return isClosed && inside.Length > 0 ? inside : key;
            }
        }

        return key;
    }
}
