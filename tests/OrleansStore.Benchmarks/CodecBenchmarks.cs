using System.Buffers;
using BenchmarkDotNet.Attributes;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Messages;
using OrleansStore.Service.Wire;

namespace OrleansStore.Benchmarks;

/// <summary>Peer payloads.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private static readonly BucketId Bucket = new(3);
    private static readonly Epoch Epoch = new(7);

    private static readonly RaftMessage Heartbeat = new()
    {
        Type = RaftMessageType.Heartbeat, From = ReplicaId.Create(1, 5), To = ReplicaId.Create(2, 6), Term = new Term(4), Commit = new LogIndex(300), SentAt = new MonotonicTime(1_000),
    };

    private readonly ArrayBufferWriter<byte> _output = new(256 << 10);
    private RaftMessage _append;
    private byte[] _heartbeatBytes = [];
    private byte[] _appendBytes = [];

    /// <summary>Entries of 256 bytes in an append.</summary>
    [Params(1, 64)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Encode()
    {
        _append = Heartbeat with
        {
            Type = RaftMessageType.Append,
            Index = new LogIndex(10),
            LogTerm = new Term(2),
            Entries = Enumerable.Range(0, Entries).Select(i => new Entry(new Term(4), new LogIndex(11 + (ulong)i), EntryType.Normal, new byte[256])).ToArray(),
        };
        _heartbeatBytes = ToBytes(Heartbeat);
        _appendBytes = ToBytes(_append);
    }

    [Benchmark]
    public int EncodeHeartbeat() => Write(Heartbeat);

    [Benchmark]
    public Term DecodeHeartbeat() => RaftCodec.Decode(_heartbeatBytes).Term;

    [Benchmark]
    public int EncodeAppend() => Write(_append);

    [Benchmark]
    public int DecodeAppend() => RaftCodec.Decode(_appendBytes).Entries.Length;

    private byte[] ToBytes(in RaftMessage message)
    {
        Write(message);
        return _output.WrittenSpan.ToArray();
    }

    private int Write(in RaftMessage message)
    {
        _output.ResetWrittenCount();
        return RaftCodec.TryEncode(Bucket, Epoch, message, _output) ? _output.WrittenCount : throw new InvalidOperationException("It does not fit.");
    }
}
