using System.Text;
using OrleansStore.Consensus;
using OrleansStore.Embedded.Tests.Harness;
using OrleansStore.Placement;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Embedded.Tests.Datacenters;

/// <summary>Answers that come when the process that asked is gone, and its successor asks for something else.</summary>
[Trait("Category", "Simulation")]
public sealed class LateAnswerTests
{
    private const int Leader = 2;
    private const int Asking = 1;

    private readonly VirtualDatacenters _store = new(3, seed: 11, buckets: 8);

    // Seed 303586 of the simulation: the answer to the write of the process that was killed was given to the one who asked for the next write.
    [Fact]
    public void Write_IsNotAnswered_WithWhatAnEarlierProcessAskedFor()
    {
        var map = PlacementMap.Create(VirtualStore.Topology(3, buckets: 8));
        var key = Enumerable.Range(0, 100).Select(number => StoreKey.FromText($"key-{number}")).First(key => map.PrimaryOf(map.BucketOf(key.Namespace, key.Bytes.Span)) == Identities.Dc(Leader));
        var bucket = map.BucketOf(key.Namespace, key.Bytes.Span);
        _store.Run(Leader, (store, context) => store.WriteAsync(Put(key, "first"), default, context, default));
        _store.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(RaftRole.Leader, _store[Leader]!.Buckets.StatusOf(bucket)!.Value.Role);

        // A process that does not know the leader asks itself first: in both of them the second call is the one that goes there.
        _store.Run(Asking, (store, context) => store.ReadAsync(key, ReadConsistency.Linearizable, context, default));

        // The leader gets the request, and for a while nothing is durable with it.
        _store.DiskOf(Leader).Latency = _ => new ValueTask(Task.Delay(TimeSpan.FromMilliseconds(150), _store.ProcessOf(Leader).Time));
        _ = _store.ProcessOf(Asking).Start(async () => await _store[Asking]!.Store.WriteAsync(Put(key, "second"), default, VirtualDatacenters.Context(TimeSpan.FromSeconds(5)), default));
        _store.World.RunFor(TimeSpan.FromMilliseconds(3));
        _store.Kill(Asking, CrashLoss.Nothing);
        _store.Start(Asking);
        _store.World.RunUntil(() => _store[Asking] is { Store.NotReadyReason: null }, TimeSpan.FromSeconds(2));

        var written = _store.Run(Asking, (store, context) => store.WriteAsync(Put(key, "third"), default, context, default));
        var read = _store.Run(Asking, (store, context) => store.ReadAsync(key, ReadConsistency.Linearizable, context, default));
        Assert.Equal("third", Encoding.UTF8.GetString(read.Result.Record!.Value.Span));
        Assert.Equal(read.Result.Record.ModifyRevision, written.Result.Revision);
    }

    private static Transaction Put(StoreKey key, string value) => Transaction.Of(Operation.Put(key, Encoding.UTF8.GetBytes(value)));
}
