using System.Buffers;
using System.Collections.Immutable;
using System.Security.Claims;
using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Messages;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Wire;
using OrleansStore.Storage;

namespace OrleansStore.Service.Tests.Wire;

/// <summary>The bounds keep their promises: what is said to fit fits in the worst case, and what does not leaves no trace.</summary>
[Trait("Category", "Unit")]
public sealed class WireLimitsTests
{
    private static readonly string LongestName = new('x', WireLimits.MaxPrincipalNameBytes);

    [Fact]
    public void LargestTransaction_Fits_AsRequestAsEntryAndAsRecord()
    {
        var transaction = LargestTransaction();
        Assert.InRange(TransactionCodec.Measure(transaction), StoreLimits.MaxTransactionBytes, WireLimits.MaxTransactionBytes);
        var identity = new RequestIdentity(RequestId.ForKey(new string('k', RequestId.MaxKeyLength)));
        var principal = new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, LongestName)], new string('y', WireLimits.MaxAuthenticationTypeBytes)));
        var request = new ForwardedRequest(
            new BucketId(uint.MaxValue, byte.MaxValue),
            new Epoch(ulong.MaxValue),
            ulong.MaxValue,
            new WriteRequest(identity, transaction, MonotonicTime.Never),
            principal)
        {
            Trace = GoldenPayloads.Trace,
        };
        Assert.InRange(Payloads.Encode(request).Length, StoreLimits.MaxTransactionBytes, WireLimits.MaxPayloadBytes);

        var command = CommandCodec.Encode(new TransactionCommand(WallTime.Max, identity, transaction));
        var append = new RaftMessage
        {
            Type = RaftMessageType.Append,
            From = new ReplicaId(ulong.MaxValue),
            To = new ReplicaId(ulong.MaxValue),
            Term = new Term(ulong.MaxValue),
            Index = new LogIndex(ulong.MaxValue - 1),
            LogTerm = new Term(1),
            Commit = new LogIndex(ulong.MaxValue),
            Context = ulong.MaxValue,
            RejectHint = new LogIndex(ulong.MaxValue),
            SentAt = new MonotonicTime(-1),
            Entries = new[] { new Entry(new Term(ulong.MaxValue), new LogIndex(ulong.MaxValue), EntryType.Normal, command) },
        };
        var payload = Payloads.Encode(new BucketId(uint.MaxValue, byte.MaxValue), new Epoch(ulong.MaxValue), append);
        Assert.Equal(WireText.Of(append), WireText.Of(RaftCodec.Decode(payload)));

        var put = transaction.Operations[0];
        var page = new ScanPage(ReadStatus.Found, [LargestRecord(put.Key, put.Value, put.ContentType)], LongestNext(), new Revision(ulong.MaxValue), new LogIndex(ulong.MaxValue));
        _ = Payloads.Encode(GoldenPayloads.Reply(page with { RetryAfter = WireLimits.MaxRetryAfter }));
    }

    [Fact]
    public void LargestPage_Fits()
    {
        // As many records as there may be, with all members at their longest, which together have exactly the bytes that were asked for.
        const int bytesPerRecord = WireLimits.MaxPageBytes / ScanRequest.MaxLimit;
        const int rest = WireLimits.MaxPageBytes % ScanRequest.MaxLimit;
        var records = ImmutableArray.CreateBuilder<StoreRecord>();
        var contentType = new string('c', StoreLimits.MaxContentTypeBytes);
        for (var i = 0; i < ScanRequest.MaxLimit; i++)
        {
            var key = new byte[StoreLimits.MaxKeyBytes];
            (key[0], key[1]) = ((byte)(i >> 8), (byte)i);
            var value = new byte[bytesPerRecord - key.Length - contentType.Length + (i == 0 ? rest : 0)];
            records.Add(LargestRecord(new StoreKey(new NamespaceId(uint.MaxValue), key), value, contentType));
        }

        Assert.Equal(WireLimits.MaxPageBytes, records.Sum(record => record.Key.Bytes.Length + record.Value.Length + record.ContentType.Length));
        var page = new ScanPage(ReadStatus.Found, records.ToImmutable(), LongestNext(), new Revision(ulong.MaxValue), new LogIndex(ulong.MaxValue))
        {
            RetryAfter = WireLimits.MaxRetryAfter,
        };
        var reply = GoldenPayloads.Reply(new BucketReply(0, Page: page, Leader: GoldenPayloads.Leader)) with { CorrelationId = ulong.MaxValue };
        Assert.Equal(WireText.Of(reply), WireText.Of(ForwardedReplyCodec.Decode(Payloads.Encode(reply))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void LargestAppend_Fits_WhateverItsEntries(int dataBytes)
    {
        // Consensus fills an append until the next entry would exceed the bound. Here each entry raises the term, the longest form of an entry.
        var entries = new Entry[WireLimits.MaxAppendBytes / (Entry.OverheadBytes + dataBytes)];
        var data = new byte[dataBytes];
        const ulong firstTerm = ulong.MaxValue / 2;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new Entry(new Term(firstTerm + ((ulong)i << 40)), new LogIndex(11 + (ulong)i), EntryType.Normal, data);
        }

        Assert.True(entries.Sum(entry => entry.SizeBytes) <= WireLimits.MaxAppendBytes);
        _ = Payloads.Encode(GoldenPayloads.Bucket, GoldenPayloads.Epoch, GoldenPayloads.Append with { Term = new Term(ulong.MaxValue), Entries = entries });
    }

    [Fact]
    public void Append_IsRefusedWithoutATrace_WhenItIsTooLong()
    {
        var output = new ArrayBufferWriter<byte>();
        var data = new byte[WireLimits.MaxPayloadBytes];
        foreach (var length in new[] { WireLimits.MaxPayloadBytes, WireLimits.MaxPayloadBytes - 20 })
        {
            Assert.False(RaftCodec.TryEncode(GoldenPayloads.Bucket, GoldenPayloads.Epoch, Entries(1, data.AsMemory(0, length)), output));
        }

        Assert.False(RaftCodec.TryEncode(GoldenPayloads.Bucket, GoldenPayloads.Epoch, Entries(WireLimits.MaxEntries + 1, default), output));
        Assert.Equal(0, output.WrittenCount);
        Assert.True(RaftCodec.TryEncode(GoldenPayloads.Bucket, GoldenPayloads.Epoch, Entries(WireLimits.MaxEntries, default), output));
        Assert.Equal(WireLimits.MaxEntries, RaftCodec.Decode(output.WrittenSpan).Entries.Length);
    }

    [Fact]
    public void Payload_MayHaveEveryByteOfTheLimit_AndNotOneMore()
    {
        var output = new ArrayBufferWriter<byte>();
        var overhead = Payloads.Encode(GoldenPayloads.Bucket, GoldenPayloads.Epoch, Entries(1, new byte[3_000_000])).Length - 3_000_000;
        var largest = WireLimits.MaxPayloadBytes - overhead;
        Assert.False(RaftCodec.TryEncode(GoldenPayloads.Bucket, GoldenPayloads.Epoch, Entries(1, new byte[largest + 1]), output));
        Assert.True(RaftCodec.TryEncode(GoldenPayloads.Bucket, GoldenPayloads.Epoch, Entries(1, new byte[largest]), output));
        Assert.Equal(IPeerLinks.MaxPayloadBytes, output.WrittenCount);
        Assert.Throws<CorruptionException>(() => PayloadHeader.Read([.. output.WrittenSpan, 0]));
    }

    [Fact]
    public void Reply_IsRefusedWithoutATrace_WhenItIsTooLong()
    {
        var output = new ArrayBufferWriter<byte>();
        var record = LargestRecord(GoldenPayloads.KeyA, new byte[WireLimits.MaxPayloadBytes], string.Empty);
        var reply = new BucketReply(0, Read: new ReadResult(ReadStatus.Found, record, new Revision(1), new LogIndex(1)));
        Assert.False(ForwardedReplyCodec.TryEncode(GoldenPayloads.Reply(reply), output));
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void Link_IsChosen_SoThatAppendsKeepTheirOrderAndHeartbeatsWaitForNothing()
    {
        foreach (var type in Enum.GetValues<RaftMessageType>())
        {
            var expected = type is RaftMessageType.Append or RaftMessageType.InstallSnapshot ? LinkClass.Bulk : LinkClass.Control;
            Assert.Equal(expected, LinkChoice.Of(type));
        }

        Assert.Equal(LinkClass.Bulk, LinkChoice.Of(WireKind.SnapshotOffer, 100));
        Assert.Equal(LinkClass.Bulk, LinkChoice.Of(WireKind.SnapshotChunk, 1));
        Assert.Equal(LinkClass.Control, LinkChoice.Of(WireKind.SnapshotProgress, 30));
        foreach (var kind in new[] { WireKind.Request, WireKind.Reply })
        {
            Assert.Equal(LinkClass.Control, LinkChoice.Of(kind, WireLimits.MaxControlForwardBytes));
            Assert.Equal(LinkClass.Bulk, LinkChoice.Of(kind, WireLimits.MaxControlForwardBytes + 1));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => LinkChoice.Of(WireKind.Raft, 1));
    }

    [Fact]
    public void Constants_FitTogether()
    {
        // A default value must be writable through any datacenter, and a chunk must fit.
        Assert.True(StoreLimits.DefaultMaxValueBytes + StoreLimits.MaxKeyBytes + StoreLimits.MaxContentTypeBytes + 1024 < WireLimits.MaxTransactionBytes);
        Assert.True(StoreLimits.DefaultMaxValueBytes + StoreLimits.MaxKeyBytes + StoreLimits.MaxContentTypeBytes < WireLimits.MaxPageBytes);
        Assert.True(ISnapshotReceiver.MaxChunkBytes + WireLimits.EnvelopeBytes < WireLimits.MaxPayloadBytes);
        Assert.True(new RaftOptions { Id = GoldenPayloads.Leader }.MaxAppendBytes <= WireLimits.MaxAppendBytes);
    }

    private static RaftMessage Entries(int count, ReadOnlyMemory<byte> data) => GoldenPayloads.Message(RaftMessageType.Propose) with
    {
        Entries = Enumerable.Repeat(new Entry(Term.None, LogIndex.None, EntryType.Normal, data), count).ToArray(),
    };

    /// <summary>As many bytes, guards and revisions as a transaction can have.</summary>
    private static Transaction LargestTransaction()
    {
        var guards = Enumerable.Range(0, StoreLimits.MaxGuards).Select(i => Guard.RevisionIn(
            new StoreKey(new NamespaceId(uint.MaxValue), new[] { (byte)i }),
            [.. Enumerable.Range(0, StoreLimits.MaxGuardRevisions).Select(revision => new Revision(ulong.MaxValue - (ulong)revision))])).ToImmutableArray();
        var contentType = new string('c', StoreLimits.MaxContentTypeBytes);
        var room = StoreLimits.MaxTransactionBytes - StoreLimits.MaxGuards - (2 * (StoreLimits.MaxKeyBytes + StoreLimits.MaxContentTypeBytes)) - StoreLimits.MaxValueBytes;
        return new Transaction(guards, [Put(1, StoreLimits.MaxValueBytes), Put(2, room)], StoreLimits.MaxValueBytes);

        Operation Put(byte filler, int valueBytes)
        {
            var key = new byte[StoreLimits.MaxKeyBytes];
            key.AsSpan().Fill(filler);
            return Operation.Put(new StoreKey(new NamespaceId(uint.MaxValue), key), new byte[valueBytes], contentType);
        }
    }

    private static StoreRecord LargestRecord(StoreKey key, ReadOnlyMemory<byte> value, string contentType) => new()
    {
        Key = key,
        Value = value,
        ValueBytes = value.Length,
        ContentType = contentType,
        CreateRevision = new Revision(ulong.MaxValue),
        ModifyRevision = new Revision(ulong.MaxValue),
        Version = ulong.MaxValue,
        ExpiresAt = WallTime.Max,
        Owner = new RecordOwner(RecordOwnerKind.Intent, UInt128.MaxValue),
        Flags = uint.MaxValue,
    };

    private static byte[] LongestNext()
    {
        var next = new byte[StoreLimits.MaxKeyBytes + 1];
        next.AsSpan().Fill(0xFF);
        return next;
    }
}
