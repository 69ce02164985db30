using System.Text;
using OrleansStore.Buckets.Binary;

namespace OrleansStore.Buckets.Tests.Binary;

public sealed class XxHash64Tests
{
    private const ulong Prime32 = 2654435761;

    [Theory, Trait("Category", "Unit")]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void Hash_EqualsPublishedVector_ForText(string text, ulong expected) =>
        Assert.Equal(expected, XxHash64.Compute(Encoding.ASCII.GetBytes(text)));

    // The sanity buffer and checks of the reference implementation (xxHash, cli/xsum_sanity_check.c).
    [Theory, Trait("Category", "Unit")]
    [InlineData(1, 0UL, 0xE934A84ADB052768)]
    [InlineData(1, Prime32, 0x5014607643A9B4C3)]
    [InlineData(14, 0UL, 0x8282DCC4994E35C8)]
    [InlineData(14, Prime32, 0xC3BD6BF63DEB6DF0)]
    [InlineData(222, 0UL, 0xB641AE8CB691C174)]
    [InlineData(222, Prime32, 0x20CB8AB7AE10C14A)]
    public void Hash_EqualsPublishedVector_ForSanityBuffer(int length, ulong seed, ulong expected) =>
        Assert.Equal(expected, XxHash64.Compute(SanityBuffer(length), seed));

    [Fact, Trait("Category", "Property")]
    public void Hash_IsTheSame_HoweverTheBytesAreCut() => Seeds.ForEach(200, seed =>
    {
        var random = new TestRandom(seed);
        var bytes = random.Bytes(random.Below(300));
        var hash = new XxHash64(seed);
        for (var rest = bytes.AsSpan(); !rest.IsEmpty;)
        {
            var piece = Math.Min(rest.Length, random.Below(70));
            hash.Append(rest[..piece]);
            rest = rest[piece..];
        }

        Assert.Equal(XxHash64.Compute(bytes, seed), hash.Current);
    });

    private static byte[] SanityBuffer(int length)
    {
        var buffer = new byte[length];
        var generator = Prime32;
        foreach (ref var b in buffer.AsSpan())
        {
            b = (byte)(generator >> 56);
            generator = unchecked(generator * 11400714785074694797);
        }

        return buffer;
    }
}
