using System.Buffers;
using OrleansStore.Consensus.Messages;
using OrleansStore.Service.Wire;

namespace OrleansStore.Service.Tests.Wire;

/// <summary>What happens for every heartbeat, append and chunk costs no allocation beyond what it must keep.</summary>
[Trait("Category", "Unit")]
public sealed class AllocationTests
{
    private const int Rounds = 1000;

    private readonly ArrayBufferWriter<byte> _output = new(256 * 1024);

    [Fact]
    public void Encoder_AllocatesNothing_ForHeartbeatsAppendsChunksAndProgress()
    {
        var (heartbeat, append) = (GoldenPayloads.Heartbeat, GoldenPayloads.Append);
        var chunk = new SnapshotChunk(GoldenPayloads.Bucket, GoldenPayloads.Epoch, 1, 0, new byte[64 * 1024]);
        var progress = new SnapshotProgress(GoldenPayloads.Bucket, GoldenPayloads.Epoch, 1, 0, SnapshotTransferStatus.Accepted);
        AllocatesNothing(() => Send(heartbeat));
        AllocatesNothing(() => Send(append));
        AllocatesNothing(() =>
        {
            _output.ResetWrittenCount();
            SnapshotTransferCodec.Encode(chunk, _output);
        });
        AllocatesNothing(() =>
        {
            _output.ResetWrittenCount();
            SnapshotTransferCodec.Encode(progress, _output);
        });
    }

    [Fact]
    public void Batch_AllocatesNothing_ForTheHeartbeatsOfManyBuckets()
    {
        BucketHeartbeat[] heartbeats = [.. Enumerable.Range(0, 500).Select(i => new BucketHeartbeat(
            new BucketId((uint)i), new Term(4), new LogIndex(300), 9, new MonotonicTime(1000 + i)))];
        var decoded = new List<BucketHeartbeat>(heartbeats.Length);
        AllocatesNothing(() =>
        {
            _output.ResetWrittenCount();
            HeartbeatsCodec.Encode(
                GoldenPayloads.Epoch, RaftMessageType.Heartbeat, GoldenPayloads.Leader, GoldenPayloads.Follower, heartbeats, _output);
            decoded.Clear();
            HeartbeatsCodec.Decode(_output.WrittenSpan, decoded);
        });
        Assert.Equal(heartbeats, decoded);
    }

    [Fact]
    public void Decoder_AllocatesNothing_ForHeartbeatsAndAnswers()
    {
        var heartbeat = Payloads.Encode(GoldenPayloads.Bucket, GoldenPayloads.Epoch, GoldenPayloads.Heartbeat);
        var answer = Payloads.Encode(GoldenPayloads.Bucket, GoldenPayloads.Epoch, GoldenPayloads.Message(RaftMessageType.AppendResponse));
        AllocatesNothing(() => Receive(heartbeat));
        AllocatesNothing(() => Receive(answer));
    }

    private static void Receive(byte[] payload)
    {
        if (PayloadHeader.Read(payload).Kind != WireKind.Raft || RaftCodec.Decode(payload).From != GoldenPayloads.Leader)
        {
            throw new InvalidOperationException("Another message came out.");
        }
    }

    private void Send(in RaftMessage message)
    {
        _output.ResetWrittenCount();
        if (!RaftCodec.TryEncode(GoldenPayloads.Bucket, GoldenPayloads.Epoch, message, _output))
        {
            throw new InvalidOperationException("The message does not fit.");
        }
    }

    private static void AllocatesNothing(Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            action();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
