using System.Buffers.Binary;
using System.Numerics;

namespace OrleansStore.Placement.Tests;

public sealed class TopologyCodecTests
{
    /// <summary>Two datacenters of weights 1 and 300, factor 3, all primaries in dc2, 64 buckets; then a third datacenter of weight 2. Format version 1.</summary>
    private const string Golden =
        "4f535450010000006400000002000000000000000600030003000000020003000100010001000000020001002c010000030001000200000003646331" +
        "0364633203646333010003000000020002000100010001000000020001002c01000000001552a468";

    private const ulong GoldenHash = 0x4ed5d286e45e57f2UL;

    private static Topology GoldenTopology => Topology
        .Create(Topologies.Draft(64, 3, 1, 300) with { PrimaryDatacenter = new DatacenterId(2) })
        .WithAdded(weight: 2);

    [Fact, Trait("Category", "Durability")]
    public void Encode_GivesTheGoldenBytes()
    {
        Assert.Equal(Golden, Convert.ToHexStringLower(GoldenTopology.Encode()));
        Assert.Equal(GoldenHash, GoldenTopology.Hash);
    }

    [Fact, Trait("Category", "Durability")]
    public void Decode_ReadsTheGoldenBytes() => Assert.Equal(GoldenTopology, Topology.Decode(Convert.FromHexString(Golden)));

    // CRC32C of RFC 3720, appendix B.4: 32 bytes of zero give 8a9136aa.
    [Fact, Trait("Category", "Conformance")]
    public void Checksum_IsCrc32C()
    {
        Assert.Equal(0x8a9136aaU, Checksum(new byte[32]));
        var bytes = GoldenTopology.Encode();
        Assert.Equal(Checksum(bytes.AsSpan()[..^4]), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan()[^4..]));
    }

    [Fact, Trait("Category", "Durability")]
    public void Decode_RefusesEveryFlippedBit()
    {
        var bytes = GoldenTopology.Encode();
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            var message = Assert.Throws<CorruptionException>(() => Topology.Decode(bytes)).Message;

            // Magic, version and length are looked at first; the rest, checksum included, is for the checksum.
            var isFrame = bit / 8 is < 6 or (>= 8 and < 12);
            Assert.True(isFrame || message.Contains("checksum", StringComparison.Ordinal), $"bit {bit}: {message}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact, Trait("Category", "Durability")]
    public void Decode_RefusesEveryOtherLength()
    {
        var bytes = GoldenTopology.Encode();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<CorruptionException>(() => Topology.Decode(bytes.AsSpan(0, length)));
        }

        Assert.Throws<CorruptionException>(() => Topology.Decode([.. bytes, 0]));
    }

    // Offsets as drawn in TopologyCodec. The golden topology's own goal starts at 24 and its first datacenter at 32.
    [Theory, Trait("Category", "Durability")]
    [InlineData(4, 2, "format version 2")]
    [InlineData(6, 1, "flags is 1")]
    [InlineData(20, 17, "2 to the power of 17")]
    [InlineData(21, 1, "split generation is 1")]
    [InlineData(22, 2, "stands above 2")]
    [InlineData(24, 0, "ReplicationFactor=0")]
    [InlineData(24, 10, "ReplicationFactor=10")]
    [InlineData(25, 1, "learners of each bucket is 1")]
    [InlineData(26, 1, "witnesses of each bucket is 1")]
    [InlineData(27, 1, "reserved byte of a goal is 1")]
    [InlineData(28, 9, "PrimaryDatacenter=9")]
    [InlineData(32, 2, "datacenter 2 stands after 2")]
    [InlineData(34, 2, "part of datacenter 1 is 2")]
    [InlineData(35, 1, "reserved byte of datacenter 1 is 1")]
    [InlineData(39, 255, "weight -")]
    public void Decode_RefusesReservedAndInvalidValues_WhenTheChecksumFits(int offset, byte value, string expected)
    {
        var bytes = GoldenTopology.Encode();
        bytes[offset] = value;
        Seal(bytes);

        Assert.Contains(expected, Assert.Throws<CorruptionException>(() => Topology.Decode(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Durability")]
    public void Decode_RefusesSectionsItDoesNotKnow()
    {
        var bytes = GoldenTopology.Encode();
        bytes[^6] = 1;
        Seal(bytes);

        Assert.Contains("number of sections is 1", Assert.Throws<CorruptionException>(() => Topology.Decode(bytes)).Message, StringComparison.Ordinal);
    }

    // Whatever the bytes, sealed or not: a topology or CorruptionException, nothing else, and what was read is what was written.
    [Fact, Trait("Category", "Property")]
    public void Decode_GivesTopologyOrCorruption_ForDamagedBytes()
    {
        const ulong Seed = 0x5EED_0010;
        var random = new SplitMix64(Seed);
        var original = GoldenTopology.Encode();
        for (var run = 0; run < 5_000; run++)
        {
            var bytes = random.Next(0, 4) == 0 ? original[..random.Next(30, original.Length)] : [.. original];
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(4, bytes.Length)] = (byte)random.NextUInt64();
            }

            Seal(bytes);
            try
            {
                Assert.Equal(bytes, Topology.Decode(bytes).Encode());
            }
            catch (CorruptionException)
            {
                // What a damaged topology is to give.
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed {Seed:x}, run {run}: {Convert.ToHexString(bytes)}", exception);
            }
        }
    }

    [Fact, Trait("Category", "Property")]
    public void Decode_ReturnsWhatWasEncoded_ForRandomTopologies()
    {
        const ulong Seed = 0x5EED_0011;
        var random = new SplitMix64(Seed);
        for (var run = 0; run < 300; run++)
        {
            var topology = Topologies.Random(random, 1 << random.Next(0, 17), maxDatacenters: 12, maxWeight: Datacenter.MaxWeight);
            for (var changes = random.Next(0, 5); changes > 0; changes--)
            {
                topology = Topologies.RandomChange(topology, random, Datacenter.MaxWeight);
            }

            var decoded = Topology.Decode(topology.Encode());
            Assert.True(topology.Equals(decoded), $"seed {Seed:x}, run {run}");
            Assert.Equal(topology.Epoch, decoded.Epoch);
            Assert.Equal(topology.PastGoals.AsEnumerable(), decoded.PastGoals);
            Assert.Equal(topology.Datacenters.AsEnumerable(), decoded.Datacenters);
        }
    }

    private static void Seal(byte[] bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan()[^4..], Checksum(bytes.AsSpan()[..^4]));
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
