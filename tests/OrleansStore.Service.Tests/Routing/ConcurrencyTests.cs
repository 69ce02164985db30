using System.Security.Claims;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Placement;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Routing;
using OrleansStore.Service.Routing.Access;

namespace OrleansStore.Service.Tests.Routing;

/// <summary>The router on real threads.</summary>
[Trait("Category", "Unit")]
public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Requests_AreAllAnswered_WhenManyRunAtOnce()
    {
        var topology = Topology.Create(new TopologyDraft
        {
            Datacenters = [.. Enumerable.Range(1, 3).Select(id => new Datacenter(new DatacenterId((ushort)id), $"dc{id}"))],
            BucketCount = 8,
        });
        var client = new YieldingClient();
        using var router = new StoreRouter(
            client, new FixedTopologySource(topology), new AllowAllAuthorizer(), new NoStatus(), TimeProvider.System, new SplitMix64(1), new RouterOptions());
        var context = new RequestContext(TimeSpan.FromSeconds(60), new ClaimsPrincipal());
        var workers = Enumerable.Range(0, 32).Select(async worker =>
        {
            for (var i = 0; i < 100; i++)
            {
                var key = StoreKey.FromText($"key{worker}/{i}");
                Assert.Equal(WriteStatus.Applied, (await router.WriteAsync(RouterFixture.Put(key), default, context, default)).Result.Status);
                Assert.Equal(ReadStatus.NotFound, (await router.ReadAsync(key, ReadConsistency.Linearizable, context, default)).Result.Status);
                if (i % 20 == 0 && worker % 4 == 0)
                {
                    Assert.Equal(ReadStatus.Found, (await router.ScanAsync(new ScanRequest(NamespaceId.Default), context, default)).Status);
                }
            }
        });

        await Task.WhenAll(workers);

        // Every write had an id of its own, whatever number of copies it took.
        lock (client.Applied)
        {
            Assert.Equal(3200, client.Applied.Count);
            Assert.Equal(3200, client.Applied.Distinct().Count());
        }
    }

    /// <summary>Replicas that answer on other threads; every third call meets one that does not lead.</summary>
    private sealed class YieldingClient : IBucketClient
    {
        private int _calls;

        public List<RequestId> Applied { get; } = [];

        public DatacenterId Local => new(1);

        public MonotonicTime Now => new(TimeProvider.System.GetElapsedTime(0).Ticks);

        public WallTime Wall => new(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

        public bool IsReachable(DatacenterId datacenter) => true;

        public async ValueTask<CallResult> CallAsync(
            DatacenterId datacenter, BucketId bucket, BucketRequest request, RequestContext context, CancellationToken cancellationToken)
        {
            await Task.Yield();
            var copy = new SentCopy(Now, datacenter, DatacenterId.None, bucket, request, cancellationToken);
            if (Interlocked.Increment(ref _calls) % 3 == 0)
            {
                return copy.Answer("NotLeader", leader: 1 + (datacenter.Value % 3));
            }

            if (request is WriteRequest write)
            {
                lock (Applied)
                {
                    Applied.Add(write.Identity.Id);
                }

                return copy.Answer("Applied", copies: 2);
            }

            return copy.Answer(request is PageRequest ? "Found" : "NotFound");
        }

        public ValueTask<CallResult> RelayAsync(
            DatacenterId relay, DatacenterId datacenter, BucketId bucket, BucketRequest request, RequestContext context, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Everybody is reachable.");
    }
}
