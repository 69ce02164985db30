using System.Security.Claims;
using System.Text;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Placement;
using OrleansStore.Service.Routing;
using OrleansStore.Service.Routing.Access;

namespace OrleansStore.Service.Tests.Routing;

/// <summary>Three routers over a store in which much goes wrong: every answer that a caller gets is true in the end (invariants 4 and 5).</summary>
public sealed class ModelTests
{
    [Fact, Trait("Category", "Simulation")]
    public void EveryAnswerIsTrue_WhateverGoesWrong() => RunSeeds(1, 60, writes: 150);

    [Fact, Trait("Category", "Slow")]
    public void EveryAnswerIsTrue_WhateverGoesWrong_ManySeeds() => RunSeeds(1000, 1500, writes: 300);

    [Fact, Trait("Category", "Simulation")]
    public void Run_HasEqualEvents_WhenItIsRepeated()
    {
        for (var seed = 1UL; seed <= 3; seed++)
        {
            Assert.Equal(new Run(seed, 100).Execute().EventHash, new Run(seed, 100).Execute().EventHash);
        }

        Assert.NotEqual(new Run(1, 100).Execute().EventHash, new Run(2, 100).Execute().EventHash);
    }

    private static void RunSeeds(ulong first, int count, int writes)
    {
        var statuses = new Dictionary<WriteStatus, int>();
        var outcomes = new Dictionary<OutcomeStatus, int>();
        for (var seed = first; seed < first + (ulong)count; seed++)
        {
            try
            {
                new Run(seed, writes).Execute().Report(statuses, outcomes);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed} fails: {e.Message}", e);
            }
        }

        // A run in which these do not happen tests nothing.
        WriteStatus[] expected = [WriteStatus.Applied, WriteStatus.PreconditionFailed, WriteStatus.OutcomeUnknown, WriteStatus.DiskFull];
        Assert.All(expected, status => Assert.True(statuses.GetValueOrDefault(status) > count / 20, $"{status} is rare"));
        Assert.True(statuses.GetValueOrDefault(WriteStatus.Unavailable) + statuses.GetValueOrDefault(WriteStatus.Throttled) > count / 20);
        Assert.True(outcomes[OutcomeStatus.Applied] > 0);
        Assert.True(outcomes[OutcomeStatus.NeverApplied] > 0);
        Assert.True(outcomes[OutcomeStatus.Rejected] > 0);
    }

    private sealed class Run
    {
        private const int Keys = 2;

        private readonly ulong _seed;
        private readonly int _writes;
        private readonly SplitMix64 _random;
        private readonly VirtualTime _time = new();
        private readonly FaultyCluster _cluster;
        private readonly List<StoreRouter> _routers = [];
        private readonly List<(string Value, WriteStatus? Status, OutcomeStatus? Outcome)> _answers = [];

        public Run(ulong seed, int writes)
        {
            _seed = seed;
            _writes = writes;
            _random = new SplitMix64(seed);
            var topology = Topology.Create(new TopologyDraft
            {
                Datacenters = [.. Enumerable.Range(1, 3).Select(id => new Datacenter(new DatacenterId((ushort)id), $"dc{id}"))],
                BucketCount = 2,
            });
            _cluster = new FaultyCluster(_time, PlacementMap.Create(topology), _random.Fork(), BucketLimits.Default)
            {
                FaultPercent = 5 + _random.Next(60),
            };
            var options = new RouterOptions { SessionWindow = _random.Next(2) == 0 ? 4 : 1024 };
            for (var i = 1; i <= 3; i++)
            {
                _routers.Add(new StoreRouter(
                    _cluster.ClientOf(i), new FixedTopologySource(topology), new AllowAllAuthorizer(), new NoStatus(), _time, _random.Fork(), options));
            }
        }

        public ulong EventHash => _cluster.EventHash;

        public Run Execute()
        {
            _time.Run(async () =>
            {
                await Task.WhenAll(Enumerable.Range(0, 6).Select(ClientAsync));
                _cluster.Heal();

                // Whatever is still on its way arrives.
                for (var done = 0; done < _cluster.Background.Count; done++)
                {
                    await _cluster.Background[done];
                }
            });
            _routers.ForEach(router => router.Dispose());
            Check();
            return this;
        }

        public void Report(Dictionary<WriteStatus, int> statuses, Dictionary<OutcomeStatus, int> outcomes)
        {
            foreach (var (_, status, outcome) in _answers)
            {
                if (status is { } known)
                {
                    statuses[known] = statuses.GetValueOrDefault(known) + 1;
                }

                if (outcome is { } settled)
                {
                    outcomes[settled] = outcomes.GetValueOrDefault(settled) + 1;
                }
            }
        }

        private async Task ClientAsync(int client)
        {
            for (var i = 0; i < _writes / 6; i++)
            {
                await WriteAsync($"c{client}w{i}");
                if (_random.Next(10) == 0)
                {
                    _cluster.ChangeALink();
                }

                // Now and then long enough for sessions to age.
                await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(_random.Next(150) == 0 ? 400_000 : 100)), _time);
            }
        }

        private async Task WriteAsync(string value)
        {
            var router = _routers[_random.Next(3)];
            var partition = _random.Next(Keys);
            var key = StoreKey.FromText($"{{{partition}}}key");
            var operation = Operation.Put(key, Encoding.ASCII.GetBytes(value));

            // Keys come and go, so that a guard that was false for one copy is soon true for a late one.
            var transaction = _random.Next(5) switch
            {
                0 => Transaction.Of(operation, Guard.NotExists(key)),
                1 => Transaction.Of(operation, Guard.Exists(key)),
                2 => Transaction.Of(operation),
                _ => new Transaction([], [Operation.Delete(key), Operation.Put(StoreKey.FromText($"{{{partition}}}mark"), Encoding.ASCII.GetBytes(value))]),
            };
            var timeout = TimeSpan.FromMilliseconds(10 + _random.Next(_random.Next(2) == 0 ? 300 : 8000));
            using var cancellation = new CancellationTokenSource(_random.Next(10) == 0 ? timeout / 2 : TimeSpan.FromHours(1), _time);
            var start = _time.Now;
            try
            {
                var context = new RequestContext(timeout, new ClaimsPrincipal());
                var reply = await router.WriteAsync(transaction, _random.Next(4) == 0 ? RouterFixture.KeyId($"key of {value}") : default, context, cancellation.Token);
                Assert.True(_time.Now - start <= timeout, $"{value} was answered after {_time.Now - start}, not within {timeout}");
                OutcomeStatus? outcome = reply.Result.Status == WriteStatus.OutcomeUnknown && _random.Next(4) > 0
                    ? await SettleAsync(router, key, reply.RequestId)
                    : null;
                _answers.Add((value, reply.Result.Status, outcome));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                _answers.Add((value, null, null));
            }
        }

        private async Task<OutcomeStatus> SettleAsync(StoreRouter router, StoreKey key, RequestId id)
        {
            while (true)
            {
                var reply = await router.GetOutcomeAsync(key, id, firstSent: null, new RequestContext(TimeSpan.FromSeconds(3), new ClaimsPrincipal()), default);
                if (reply.Result.Status is OutcomeStatus.Applied or OutcomeStatus.Rejected or OutcomeStatus.NeverApplied or OutcomeStatus.Expired)
                {
                    return reply.Result.Status;
                }

                // Nothing else heals the links while all clients wait.
                _cluster.ChangeALink();
            }
        }

        private void Check()
        {
            foreach (var (value, status, outcome) in _answers)
            {
                var count = _cluster.PutCounts.GetValueOrDefault(value);
                var expected = (status, outcome) switch
                {
                    (_, OutcomeStatus.Applied) => 1,
                    (_, OutcomeStatus.Rejected or OutcomeStatus.NeverApplied) => 0,
                    (WriteStatus.Applied, _) => 1,

                    // Expired says that nobody knows any more: it may have happened, once.
                    (null or WriteStatus.OutcomeUnknown, _) or (_, OutcomeStatus.Expired) => Math.Min(count, 1),
                    _ => 0,
                };
                Assert.True(count == expected, $"seed {_seed}: {value} was told {status} {outcome}, and took effect {count} times");
            }
        }
    }
}
