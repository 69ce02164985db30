using System.Buffers;
using OrleansStore.Datacenters.Identity;
using OrleansStore.Datacenters.Links;
using OrleansStore.Service.Peers;
using static OrleansStore.Embedded.Tests.Harness.Identities;

namespace OrleansStore.Embedded.Tests.Links;

[Trait("Category", "Unit")]
public sealed class FormatTests
{
    private static readonly Hello Sample = new(LinkClass.Control, Dc(2), new LinkSessionId(0x1122334455667788, 7), Member(1));

    [Fact]
    public void Hello_HasItsGoldenBytes()
    {
        var bytes = Convert.ToHexString(Frame(FrameType.Hello, Sample.Encode()));
        Assert.Equal(Golden.Hello, bytes);
        Assert.Equal(Sample, Hello.Decode(Convert.FromHexString(Golden.Hello).AsSpan(FrameFormat.HeaderBytes)));
    }

    [Fact]
    public void Frames_HaveTheirGoldenBytes()
    {
        Assert.Equal(Golden.Payload, Convert.ToHexString(Frame(FrameType.Payload, "OrleansStore"u8.ToArray())));
        Assert.Equal(Golden.Goodbye, Convert.ToHexString(Frame(FrameType.Goodbye, new Goodbye(IsRefusal: true, "no").Encode())));
        var heartbeat = new byte[Heartbeat.SizeBytes];
        var beat = new Heartbeat(new MonotonicTime(0x0102030405), 0x1112131415, new MonotonicTime(0x2122), new TimeSpan(0x31), 0x4142);
        beat.Encode(heartbeat);
        Assert.Equal(Golden.Heartbeat, Convert.ToHexString(Frame(FrameType.Heartbeat, heartbeat)));
        Assert.Equal(beat, Heartbeat.Decode(heartbeat));
        (beat with { Echo = null, Hold = TimeSpan.Zero }).Encode(heartbeat);
        Assert.Null(Heartbeat.Decode(heartbeat).Echo);
    }

    [Fact]
    public void Frame_IsRefused_WhenAnyBitIsFlipped()
    {
        var frame = Frame(FrameType.Hello, Sample.Encode());
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(IsAccepted(frame), $"bit {bit}");
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.True(IsAccepted(frame));
    }

    [Fact, Trait("Category", "Property")]
    public void Hello_NeverFailsOtherwise_WhenItsBytesAreAnything()
    {
        const ulong Seed = 0xC0FFEE;
        var random = new SplitMix64(Seed);
        var (valid, accepted) = (Sample.Encode(), 0);
        for (var run = 0; run < 20_000; run++)
        {
            var bytes = valid[..(run % 4 == 0 ? random.Next(valid.Length + 1) : valid.Length)];
            for (var flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.NextUInt64();
            }

            try
            {
                Assert.Equal(bytes, Hello.Decode(bytes).Encode());
                accepted++;
            }
            catch (CorruptionException)
            {
                // Refused with a reason.
            }
        }

        Assert.InRange(accepted, 1000, 19_000);
    }

    [Theory]
    [InlineData(0, FormationPhase.Member, 101, 64)]
    [InlineData(1, (FormationPhase)9, 101, 64)]
    [InlineData(1, FormationPhase.Member, 0, 64)]
    [InlineData(1, FormationPhase.Member, 101, 0)]
    [InlineData(1, FormationPhase.Empty, 101, 64)]
    [InlineData(1, FormationPhase.Joining, 101, 64)]
    [InlineData(1, FormationPhase.Promised, 999, 64)]
    public void Identity_IsRefused_WhenAPartIsImpossible(int datacenter, FormationPhase phase, ulong incarnation, int buckets)
    {
        var identity = Member(1) with { Datacenter = Dc(datacenter), Phase = phase, Incarnation = incarnation, BucketCount = buckets };
        Assert.ThrowsAny<ArgumentException>(identity.Validated);
        Assert.Throws<CorruptionException>(() => Hello.Decode((Sample with { Identity = identity }).Encode()));
    }

    private static byte[] Frame(FrameType type, byte[] payload)
    {
        var writer = new ArrayBufferWriter<byte>();
        FrameFormat.Write(writer, type, payload);
        return writer.WrittenSpan.ToArray();
    }

    private static bool IsAccepted(byte[] frame)
    {
        try
        {
            var source = new ReadOnlySequence<byte>(frame);
            if (!FrameFormat.TryReadHeader(source, out var header) || header.FrameBytes != frame.Length)
            {
                // A shorter frame with this checksum would be accepted: check what is there; a longer one waits for bytes that the next frame does not give.
                return header.FrameBytes < frame.Length && IsAccepted(frame[..header.FrameBytes]);
            }

            header.Verify(frame.AsSpan(FrameFormat.HeaderBytes));
            return true;
        }
        catch (CorruptionException)
        {
            return false;
        }
    }
}
