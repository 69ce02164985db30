using System.Text;
using OrleansStore.Storage.Checksums;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Checksums;

public sealed class Crc32CTests
{
    // RFC 3720, appendix B.4, and the check value of the CRC catalogue.
    public static TheoryData<byte[], uint> Vectors => new()
    {
        { [], 0 },
        { Encoding.ASCII.GetBytes("123456789"), 0xE3069283 },
        { new byte[32], 0x8A9136AA },
        { Enumerable.Repeat((byte)0xFF, 32).ToArray(), 0x62A8AB43 },
        { Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(), 0x46DD794E },
        { Enumerable.Range(0, 32).Select(i => (byte)(31 - i)).ToArray(), 0x113FDB5C },
        {
            Convert.FromHexString("01C00000" + "00000000" + "00000000" + "00000000" + "14000000" + "00000400" + "00000014" + "00000018" + "28000000" + "00000000" + "02000000" + "00000000"),
            0xD9963A56
        },
    };

    [Theory, Trait("Category", "Unit")]
    [MemberData(nameof(Vectors))]
    public void Compute_GivesThePublishedValue_WhenGivenAPublishedVector(byte[] data, uint expected) => Assert.Equal(expected, Crc32C.Compute(data));

    [Fact, Trait("Category", "Property")]
    public void Append_AgreesWithTheBitwiseForm_WhenDataIsSplitAnywhere()
    {
        var random = new Prng(5);
        for (var round = 0; round < 300; round++)
        {
            var data = random.NextBytes(random.Next(70));
            var split = random.Next(data.Length + 1);
            Assert.Equal(Bitwise(data), Crc32C.Append(Crc32C.Compute(data.AsSpan(0, split)), data.AsSpan(split)));
        }
    }

    [Fact, Trait("Category", "Property")]
    public void Locate_NamesTheFlippedBit_WhenThereIsOne()
    {
        var random = new Prng(6);
        for (var round = 0; round < 200; round++)
        {
            var data = random.NextBytes(1 + random.Next(300));
            var sound = Crc32C.Append(123, data);
            var bit = random.Next(data.Length * 8);
            data[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(bit, SingleBitError.Locate(sound, Crc32C.Append(123, data), data.Length));
            Assert.Equal(SingleBitError.InChecksum, SingleBitError.Locate(sound ^ (1u << random.Next(32)), sound, data.Length));
        }
    }

    [Fact, Trait("Category", "Property")]
    public void Locate_FindsNothing_WhenTwoBitsAreFlipped()
    {
        var random = new Prng(7);
        for (var round = 0; round < 200; round++)
        {
            var data = random.NextBytes(300);
            var sound = Crc32C.Compute(data);
            var first = random.Next(2400);
            var second = (first + 1 + random.Next(2399)) % 2400;
            data[first / 8] ^= (byte)(1 << (first % 8));
            data[second / 8] ^= (byte)(1 << (second % 8));
            Assert.Equal(SingleBitError.None, SingleBitError.Locate(sound, Crc32C.Compute(data), data.Length));
        }
    }

    private static uint Bitwise(byte[] data)
    {
        var state = uint.MaxValue;
        foreach (var value in data)
        {
            state ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                state = (state & 1) == 0 ? state >> 1 : (state >> 1) ^ 0x82F63B78;
            }
        }

        return ~state;
    }
}
