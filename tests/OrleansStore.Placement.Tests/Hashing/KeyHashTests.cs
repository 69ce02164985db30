using System.Text;
using OrleansStore.Placement.Hashing;

namespace OrleansStore.Placement.Tests.Hashing;

public sealed class KeyHashTests
{
    /// <summary>Namespace, key in hexadecimal, hash, bucket of 64. Worked out by a second implementation in another language; the README shows the same.</summary>
    public static readonly TheoryData<uint, string, ulong, uint> Golden = new()
    {
        { 0, "", 0x1dd8cbcade7d4891UL, 7 }, // b''
        { 0, "61", 0x97bf2dc4afdf80f4UL, 37 }, // b'a'
        { 1, "61", 0xf1863437fc72a6c2UL, 60 }, // b'a'
        { 4294967295, "61", 0x74343a240276965cUL, 29 }, // b'a'
        { 0, "757365722f3432", 0xe36b86d4a76e476fUL, 56 }, // b'user/42'
        { 0, "636172742f7b34327d2f6c696e6573", 0x59b971212f0a1e41UL, 22 }, // b'cart/{42}/lines'
        { 0, "636172742f7b34327d2f746f74616c", 0x59b971212f0a1e41UL, 22 }, // b'cart/{42}/total'
        { 0, "3432", 0x59b971212f0a1e41UL, 22 }, // b'42'
        { 7, "636172742f7b34327d2f746f74616c", 0x8247379a73795aa3UL, 32 }, // b'cart/{42}/total'
        { 0, "7b7d78", 0xac49dd2892a8f612UL, 43 }, // b'{}x'
        { 0, "7b7d617b627d", 0x1ef4247ae11e4436UL, 7 }, // b'{}a{b}'
        { 0, "7b61", 0x15e60df5b433ea6fUL, 5 }, // b'{a'
        { 0, "617d", 0x452e22c6bb487469UL, 17 }, // b'a}'
        { 0, "7d7b617d", 0x97bf2dc4afdf80f4UL, 37 }, // b'}{a}'
        { 0, "7b7b617d7d", 0x15e60df5b433ea6fUL, 5 }, // b'{{a}}'
        { 0, "617b627d637b647d", 0x8bdecbb7713701f7UL, 34 }, // b'a{b}c{d}'
        { 0, "7b7ac3bc726963687d2f31", 0x49c5c791027a6c1fUL, 18 }, // b'{z\xc3\xbcrich}/1'
        { 0, "00ff7b007d01", 0x06814e428d05bb20UL, 1 }, // b'\x00\xff{\x00}\x01'
        { 0, Convert.ToHexString(Enumerable.Repeat((byte)'x', 1024).ToArray()), 0x82cff57423284021UL, 32 },
    };

    [Theory, Trait("Category", "Conformance")]
    [MemberData(nameof(Golden))]
    public void Of_NeverChanges(uint space, string key, ulong hash, uint bucketOf64)
    {
        var actual = KeyHash.Of(new NamespaceId(space), Convert.FromHexString(key));

        Assert.Equal(new KeyHash(hash), actual);
        Assert.Equal(new BucketId(bucketOf64), actual.BucketOf(new BucketCount(64)));
    }

    [Fact, Trait("Category", "Unit")]
    public void Key_IsTheDocumentedText()
    {
        Assert.Equal("OrleansStore-key", Encoding.ASCII.GetString([.. BitConverter.GetBytes(KeyHash.Key0), .. BitConverter.GetBytes(KeyHash.Key1)]));
    }

    [Theory, Trait("Category", "Unit")]
    [InlineData(1, 0x0UL)]
    [InlineData(2, 0x1UL)]
    [InlineData(4, 0x3UL)]
    [InlineData(64, 0x3fUL)]
    [InlineData(1024, 0x3ffUL)]
    [InlineData(65536, 0xffffUL)]
    public void BucketOf_TakesTheTopBits(int count, ulong last)
    {
        var buckets = new BucketCount(count);
        Assert.Equal(new BucketId(0), new KeyHash(0).BucketOf(buckets));
        Assert.Equal(new BucketId((uint)last), new KeyHash(ulong.MaxValue).BucketOf(buckets));
        Assert.Equal(new BucketId((uint)(count / 2)), new KeyHash(1UL << 63).BucketOf(buckets));
        Assert.Equal(new BucketId((uint)(Math.Max(1, count / 2) - 1)), new KeyHash((1UL << 63) - 1).BucketOf(buckets));
    }

    // Halving every bucket later keeps each key in one of the two halves of its bucket.
    [Fact, Trait("Category", "Property")]
    public void BucketOf_DoubledCount_RefinesTheBucket()
    {
        const ulong Seed = 0x5EED_0001;
        var random = new SplitMix64(Seed);
        for (var i = 0; i < 1_000; i++)
        {
            var hash = new KeyHash(random.NextUInt64());
            var count = 1 << random.Next(0, 16);
            Assert.True(
                hash.BucketOf(new BucketCount(2 * count)).Number / 2 == hash.BucketOf(new BucketCount(count)).Number,
                $"seed {Seed:x}: hash {hash}, {count} buckets");
        }
    }

    // Every bit of the key must reach every bit that may name a bucket: flipping it changes each about half of the time. 4,096 samples: sigma is 0.0078.
    [Fact, Trait("Category", "Property")]
    public void Of_FlipsEachTopBitHalfTheTime_WhenAnyKeyBitFlips()
    {
        const int Samples = 4_096;
        const int KeyBits = 8 * 12;
        const int TopBits = 16;
        const ulong Seed = 0x5EED_0002;
        var random = new SplitMix64(Seed);
        var flips = new int[KeyBits, TopBits];
        var key = new byte[KeyBits / 8];
        for (var sample = 0; sample < Samples; sample++)
        {
            random.Fill(key);

            // No braces: a flip inside them would move the partition key, which is another matter.
            key.AsSpan().Replace((byte)'{', (byte)'x');
            var hash = KeyHash.Of(NamespaceId.Default, key).Value;
            for (var bit = 0; bit < KeyBits; bit++)
            {
                key[bit / 8] ^= (byte)(1 << (bit % 8));
                var changed = key[bit / 8] == '{' ? random.NextUInt64() : hash ^ KeyHash.Of(NamespaceId.Default, key).Value;
                key[bit / 8] ^= (byte)(1 << (bit % 8));
                for (var top = 0; top < TopBits; top++)
                {
                    flips[bit, top] += (int)(changed >> (63 - top)) & 1;
                }
            }
        }

        foreach (var count in flips)
        {
            Assert.InRange((double)count / Samples, 0.45, 0.55);
        }
    }

    // Keys as people make them: counters and paths. Chi-square over the buckets; its standard deviation is the root of twice the buckets.
    [Theory, Trait("Category", "Property")]
    [InlineData(64)]
    [InlineData(1024)]
    [InlineData(65536)]
    public void BucketOf_SpreadsConsecutiveKeysEvenly(int buckets)
    {
        const int Keys = 1 << 19;
        var count = new BucketCount(buckets);
        var hits = new int[buckets];
        for (var i = 0; i < Keys; i++)
        {
            hits[KeyHash.Of(NamespaceId.Default, Encoding.UTF8.GetBytes($"user/{i:D8}/profile")).BucketOf(count).Number]++;
        }

        var expected = (double)Keys / buckets;
        var chiSquare = hits.Sum(hit => (hit - expected) * (hit - expected) / expected);
        Assert.InRange(chiSquare, buckets - (5 * Math.Sqrt(2.0 * buckets)), buckets + (5 * Math.Sqrt(2.0 * buckets)));
    }

    [Fact, Trait("Category", "Unit")]
    public void Of_AllocatesNothing()
    {
        var key = "cart/{42}/lines"u8.ToArray();
        var sum = KeyHash.Of(NamespaceId.System, key).Value;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            sum ^= KeyHash.Of(NamespaceId.System, key).BucketOf(BucketCount.Default).Number;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0UL, sum);
    }
}
