using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansStore.Consensus.Messages;
using OrleansStore.Datacenters.Silos;
using OrleansStore.Placement;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Wire;

namespace OrleansStore.Embedded.Tests.Silos;

/// <summary>Where payloads go in a datacenter of two silos.</summary>
[Trait("Category", "Unit")]
#pragma warning disable CA1001 // The runner disposes of it through IAsyncLifetime.
public sealed class SiloSwitchTests : IAsyncLifetime
{
    private static readonly DatacenterId Local = new(1);
    private static readonly DatacenterId Peer = new(2);
    private static readonly BucketId Bucket = new(3);
    private static readonly Epoch Epoch = new(1);

    private readonly ScriptedCluster _cluster = new();
    private readonly RecordedPayloads _buckets = new();
    private SiloSwitch _switch = null!;

    public Task InitializeAsync()
    {
        var topology = Topology.Create(new TopologyDraft
        {
            Datacenters = [.. Enumerable.Range(1, 3).Select(number => new Datacenter(new DatacenterId((ushort)number), $"dc{number}"))],
            BucketCount = 16,
        });
        _switch = new SiloSwitch(_cluster, Local, PlacementMap.Create(topology), TimeProvider.System, NullLogger.Instance);
        _switch.Start(_buckets);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _switch.DisposeAsync();

    [Fact]
    public void Payload_IsTakenHere_WhenTheBucketIsHere()
    {
        _cluster.Here[Bucket] = true;

        _switch.OnPayload(Peer, LinkClass.Control, Vote(Bucket, term: 1));

        Assert.Equal(Peer, Assert.Single(_buckets.All).From);
        Assert.Equal(0, _cluster.Locations);
    }

    [Fact]
    public async Task Payloads_WaitInOrder_UntilTheirBucketIsLocated()
    {
        for (var term = 1UL; term <= 3; term++)
        {
            _switch.OnPayload(Peer, LinkClass.Control, Vote(Bucket, term));
        }

        Assert.Empty(_buckets.All);
        _cluster.Here[Bucket] = true;
        _cluster.Located.SetResult(_cluster.Self);

        await UntilAsync(() => _buckets.All.Count == 3);
        Assert.Equal([1UL, 2, 3], _buckets.All.Select(each => RaftCodec.Decode(each.Payload).Term.Value));
        Assert.Equal(1, _cluster.Locations);
    }

    [Fact]
    public async Task Payload_GoesToTheOtherSilo_AndIsLocatedAnew_WhenThatDoesNotHaveIt()
    {
        _cluster.Located.SetResult(ScriptedCluster.Other);
        _cluster.Misplaced = [Bucket];
        _switch.OnPayload(Peer, LinkClass.Control, Vote(Bucket, term: 1));
        await UntilAsync(() => _cluster.Batches.Count == 1);

        // Until the answer has come the place is believed; then it is asked for again.
        await UntilAsync(() =>
        {
            _switch.OnPayload(Peer, LinkClass.Control, Vote(Bucket, term: 2));
            return _cluster.Locations >= 2;
        });
        Assert.Empty(_buckets.All);
    }

    [Fact]
    public async Task Batch_IsHandedOver_AsItWasSent()
    {
        _cluster.Located.SetResult(ScriptedCluster.Other);
        var payload = Vote(Bucket, term: 7);
        _switch.OnPayload(Peer, LinkClass.Control, payload);
        await UntilAsync(() => _cluster.Batches.Count == 1);
        _cluster.Here[Bucket] = true;

        var misplaced = _switch.Receive(ScriptedCluster.Other, _cluster.Batches.First());

        Assert.Empty(misplaced);
        var (from, received) = Assert.Single(_buckets.All);
        Assert.Equal(Peer, from);
        Assert.Equal(payload, received);
    }

    [Fact]
    public async Task Batch_SaysWhichBucketsAreNotHere_AndPassesThemOn()
    {
        _cluster.Located.SetResult(ScriptedCluster.Other);
        _switch.OnPayload(Peer, LinkClass.Control, Vote(Bucket, term: 1));
        await UntilAsync(() => _cluster.Batches.Count == 1);

        var misplaced = _switch.Receive(ScriptedCluster.Other, _cluster.Batches.First());

        Assert.Equal(Bucket, Assert.Single(misplaced));
        Assert.Empty(_buckets.All);
        await UntilAsync(() => _cluster.Batches.Count == 2);
    }

    [Fact]
    public async Task Reply_GoesToTheSiloThatAsked()
    {
        _switch.OnPayload(Peer, LinkClass.Control, Reply(((ulong)_cluster.Self.Tag << 32) | 5));
        Assert.Single(_buckets.All);

        _switch.OnPayload(Peer, LinkClass.Control, Reply(((ulong)ScriptedCluster.Other.Tag << 32) | 5));
        await UntilAsync(() => _cluster.Batches.Count == 1);
        Assert.Single(_buckets.All);
    }

    [Fact]
    public async Task Heartbeats_AreSplitByWhereTheirBucketsAre()
    {
        var other = new BucketId(4);
        _cluster.Here[Bucket] = true;
        _cluster.Located.SetResult(ScriptedCluster.Other);
        _switch.OnPayload(Peer, LinkClass.Control, Vote(other, term: 1));
        await UntilAsync(() => _cluster.Batches.Count == 1);

        var buffer = new ArrayBufferWriter<byte>();
        BucketHeartbeat[] both = [new(Bucket, new Term(2), new LogIndex(9), 0, new MonotonicTime(77)), new(other, new Term(3), new LogIndex(8), 0, new MonotonicTime(78))];
        HeartbeatsCodec.Encode(Epoch, RaftMessageType.Heartbeat, ReplicaId.Create(2, 1), ReplicaId.Create(1, 1), both, buffer);
        _switch.OnPayload(Peer, LinkClass.Control, buffer.WrittenSpan);

        await UntilAsync(() => _cluster.Batches.Count == 2);
        List<BucketHeartbeat> here = [];
        HeartbeatsCodec.Decode(Assert.Single(_buckets.All).Payload, here);
        Assert.Equal(both[0], Assert.Single(here));
    }

    [Fact]
    public void BadBatch_IsDropped_NotThrown()
    {
        foreach (var batch in (byte[][])[[], [9], [1, 1], [1, 1, 1, 0, 2, 0, 255, 255, 255, 127]])
        {
            Assert.Empty(_switch.Receive(ScriptedCluster.Other, batch));
        }

        Assert.Empty(_buckets.All);
    }

    [Fact]
    public async Task Links_AreDown_UntilAHolderReports_AndWhenItFallsSilent()
    {
        Assert.Equal(LinkState.Down, _switch.StateOf(Peer));
        var status = new LinkStatus(Peer, LinkState.Up, null) { RoundTrip = TimeSpan.FromMilliseconds(3), Bytes = (5, 6) };
        Report(number: 4, status);

        Assert.Equal(LinkState.Up, _switch.StateOf(Peer));
        Assert.Equal(ScriptedCluster.Other, _switch.Holder);
        Assert.Equal(status, Assert.Single(_switch.Status()));

        // An older holder is not listened to.
        Report(number: 3, status with { State = LinkState.Down });
        Assert.Equal(LinkState.Up, _switch.StateOf(Peer));

        await UntilAsync(() => _buckets.Changes.Contains((Peer, LinkState.Down)));
        Assert.Equal(LinkState.Down, _switch.StateOf(Peer));
        Assert.Null(_switch.Holder);
    }

    private void Report(long number, LinkStatus status)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write([SiloFrame.FormatVersion]);
        new SiloFrame(SiloFrameKind.Report, LinkClass.Control, 0, DatacenterId.None, new LinkReport(number, null, [status]).Encode()).WriteTo(buffer);
        _switch.Receive(ScriptedCluster.Other, buffer.WrittenSpan);
    }

    private static byte[] Vote(BucketId bucket, ulong term)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Assert.True(RaftCodec.TryEncode(
            bucket,
            Epoch,
            new RaftMessage { Type = RaftMessageType.Vote, From = ReplicaId.Create(2, 1), To = ReplicaId.Create(1, 1), Term = new Term(term), Index = new LogIndex(1), LogTerm = new Term(1) },
            buffer));
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Reply(ulong id)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Assert.True(ForwardedReplyCodec.TryEncode(new ForwardedReply(Bucket, Epoch, id, new CallResult(CallStatus.NotSent)), buffer));
        return buffer.WrittenSpan.ToArray();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
