using System.Collections.Immutable;
using System.Security.Claims;
using System.Text;
using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Placement;
using OrleansStore.Service.Routing;
using OrleansStore.Service.Routing.Access;

namespace OrleansStore.Service.Tests.Routing;

/// <summary>Scans against brute force, over real state machines in random numbers of buckets.</summary>
public sealed class ScanPropertyTests
{
    [Fact, Trait("Category", "Property")]
    public void EachPage_IsTheLongestBeginningThatFits_WhenNothingChanges() => ForEachSeed(1, 150, CheckPages);

    [Fact, Trait("Category", "Property")]
    public void KeyThatIsThereThroughout_AppearsExactlyOnce_WhileOthersComeAndGoAndAllChangeSize() => ForEachSeed(1, 40, CheckKeysThatStay);

    [Fact, Trait("Category", "Slow")]
    public void KeyThatIsThereThroughout_AppearsExactlyOnce_WhileOthersComeAndGoAndAllChangeSize_ManySeeds() => ForEachSeed(1000, 1000, CheckKeysThatStay);

    private static void CheckPages(ulong seed)
    {
        using var world = new World(seed, faults: 0);
        world.Fill();
        var request = world.RandomRequest();
        var rest = world.AllIn(request);
        for (ReadOnlyMemory<byte>? start = request.Start; start is { } from;)
        {
            var page = world.Scan(World.From(request, from));

            var expected = Beginning(rest, request);
            Assert.Equal(expected.Select(World.Text), page.Records.Select(World.Text));
            Assert.Equal(expected.Length < rest.Length ? World.Text(rest[expected.Length]) : null, page.Next is { } next ? World.Text(next) : null);
            Assert.All(page.Records.Zip(expected), pair =>
            {
                Assert.Equal(request.IncludeValues ? pair.Second.Value.ToArray() : [], pair.First.Value.ToArray());
                Assert.Equal((pair.Second.ValueBytes, pair.Second.ModifyRevision), (pair.First.ValueBytes, pair.First.ModifyRevision));
            });
            rest = rest[expected.Length..];
            start = page.Next;
        }

        Assert.Empty(rest);
    }

    private static void CheckKeysThatStay(ulong seed)
    {
        using var world = new World(seed, faults: 15);
        world.Fill();
        var request = world.RandomRequest();
        var seen = new List<StoreRecord>();
        world.Time.Run(async () =>
        {
            using var stop = new CancellationTokenSource();
            var changes = world.KeepChangingAsync(stop.Token);
            for (ReadOnlyMemory<byte>? start = request.Start; start is { } from;)
            {
                var reply = await world.ScanAsync(World.From(request, from));
                if (reply.Status != ReadStatus.Found)
                {
                    Assert.True(reply.Records.IsEmpty && reply.Next is null);
                    continue;
                }

                Assert.True(reply.Records.Length <= request.Limit);
                Assert.True(reply.Records.Length <= 1 || reply.Records.Sum(record => World.SizeOf(record, request.IncludeValues)) <= request.MaxBytes);
                Assert.All(reply.Records, record => Assert.True(record.Key.Bytes.Span.SequenceCompareTo(from.Span) >= 0));

                // The scan gets further, or it would never end.
                Assert.True(reply.Next is not { } next || next.Span.SequenceCompareTo(from.Span) > 0 || from.IsEmpty);
                Assert.True(reply.Next is not { } bound || reply.Records.All(record => record.Key.Bytes.Span.SequenceCompareTo(bound.Span) < 0));
                seen.AddRange(reply.Records);
                start = reply.Next;
            }

            await stop.CancelAsync();
            await changes;
        });

        var keys = seen.Select(World.Text).ToList();
        Assert.Equal(keys.Distinct().Order(StringComparer.Ordinal), keys);
        var stable = world.Stable.Where(key => World.IsIn(request, key)).Select(World.Text).Order(StringComparer.Ordinal);
        Assert.Equal(stable, keys.Where(world.StableTexts.Contains));
        Assert.All(seen, record => Assert.True(World.IsIn(request, record.Key)));
        Assert.All(seen, record => Assert.Equal(request.IncludeValues ? record.ValueBytes : 0, record.Value.Length));
    }

    private static ImmutableArray<StoreRecord> Beginning(ImmutableArray<StoreRecord> records, ScanRequest request)
    {
        long bytes = 0;
        var count = 0;
        foreach (var record in records)
        {
            bytes += World.SizeOf(record, request.IncludeValues);
            if (count == request.Limit || (bytes > request.MaxBytes && count > 0))
            {
                break;
            }

            count++;
        }

        return records[..count];
    }

    private static void ForEachSeed(ulong first, int count, Action<ulong> check)
    {
        for (var seed = first; seed < first + (ulong)count; seed++)
        {
            try
            {
                check(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed} fails: {e.Message}", e);
            }
        }
    }

    private sealed class World : IDisposable
    {
        private readonly SplitMix64 _random;
        private readonly PlacementMap _map;
        private readonly FaultyCluster _cluster;
        private readonly StoreRouter _router;

        public World(ulong seed, int faults)
        {
            _random = new SplitMix64(seed);
            var topology = Topology.Create(new TopologyDraft
            {
                Datacenters = [.. Enumerable.Range(1, 3).Select(id => new Datacenter(new DatacenterId((ushort)id), $"dc{id}"))],
                BucketCount = 1 << _random.Next(7),
            });
            _map = PlacementMap.Create(topology);
            _cluster = new FaultyCluster(Time, _map, _random.Fork(), BucketLimits.Default) { FaultPercent = faults };
            var options = new RouterOptions { ScanParallelism = 1 + _random.Next(20) };
            _router = new StoreRouter(
                _cluster.ClientOf(1), new FixedTopologySource(topology), new AllowAllAuthorizer(), new NoStatus(), Time, _random.Fork(), options);
        }

        public VirtualTime Time { get; } = new();

        public List<StoreKey> Stable { get; } = [];

        public HashSet<string> StableTexts { get; } = [];

        public static string Text(StoreRecord record) => Text(record.Key.Bytes);

        public static string Text(StoreKey key) => Text(key.Bytes);

        public static string Text(ReadOnlyMemory<byte> key) => Encoding.ASCII.GetString(key.Span);

        public static long SizeOf(StoreRecord record, bool includeValues) =>
            record.Key.Bytes.Length + record.ContentType.Length + (includeValues ? record.ValueBytes : 0);

        public static ScanRequest From(ScanRequest request, ReadOnlyMemory<byte> start) => new(
            request.Namespace, request.Prefix, start, request.End, request.Limit, request.MaxBytes, request.IncludeValues, request.Consistency);

        public static bool IsIn(ScanRequest request, StoreKey key) =>
            key.Bytes.Span.StartsWith(request.Prefix.Span)
            && key.Bytes.Span.SequenceCompareTo(request.Start.Span) >= 0
            && (request.End.IsEmpty || key.Bytes.Span.SequenceCompareTo(request.End.Span) < 0);

        public void Dispose() => _router.Dispose();

        public void Fill()
        {
            var count = _random.Next(4) == 0 ? _random.Next(5) : _random.Next(400);
            for (var i = 0; i < count; i++)
            {
                var key = RandomKey('s');
                if (StableTexts.Add(Text(key)))
                {
                    Stable.Add(key);
                }

                Put(key);
            }
        }

        public ScanRequest RandomRequest()
        {
            string[] prefixes = ["", "", "", "a", "ab", "a{x}", "{y", "zzz"];
            var prefix = prefixes[_random.Next(prefixes.Length)];
            var start = _random.Next(3) == 0 ? Text(RandomKey('s')) : string.Empty;
            var end = _random.Next(3) == 0 ? Text(RandomKey('s')) : string.Empty;
            var limit = 1 + _random.Next(_random.Next(2) == 0 ? 10 : ScanRequest.MaxLimit);
            var bytes = 1 + _random.Next(_random.Next(2) == 0 ? 5000 : ScanRequest.MaxPageBytes);
            return new ScanRequest(
                NamespaceId.Default, Encoding.ASCII.GetBytes(prefix), Encoding.ASCII.GetBytes(start), Encoding.ASCII.GetBytes(end), limit, bytes, _random.Next(3) > 0);
        }

        public ImmutableArray<StoreRecord> AllIn(ScanRequest request)
        {
            var records = new List<StoreRecord>();
            foreach (var key in Stable.Where(key => IsIn(request, key)))
            {
                Assert.True(_cluster.StateOf(BucketOf(key)).Records.TryGet(key, out var record));
                records.Add(record.ToRecord());
            }

            return [.. records.OrderBy(Text, StringComparer.Ordinal)];
        }

        public ScanReply Scan(ScanRequest request) => Time.Run(() => ScanAsync(request));

        public Task<ScanReply> ScanAsync(ScanRequest request) =>
            _router.ScanAsync(request, new RequestContext(TimeSpan.FromSeconds(20), new ClaimsPrincipal()), default).AsTask();

        public async Task KeepChangingAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMicroseconds(_random.Next(3000)), Time, CancellationToken.None);
                var key = RandomKey('v');
                switch (_random.Next(3))
                {
                    case 0:
                        Put(key);
                        break;
                    case 1:
                        Commit(key, Operation.Delete(key));
                        break;
                    default:
                        if (Stable.Count > 0)
                        {
                            Put(Stable[_random.Next(Stable.Count)]);
                        }

                        break;
                }
            }
        }

        /// <summary>A key of a small space; the last letter tells keys that stay from others.</summary>
        private StoreKey RandomKey(char kind)
        {
            string[] beginnings = ["a", "ab", "a{x}", "b{x}", "{y}", "{y", "c"];
            return StoreKey.FromText($"{beginnings[_random.Next(beginnings.Length)]}{_random.Next(80)}{kind}");
        }

        private void Put(StoreKey key) => Commit(key, Operation.Put(key, new byte[_random.Next(_random.Next(5) == 0 ? 3000 : 50)], _random.Next(2) == 0 ? "text/plain" : null));

        private void Commit(StoreKey key, Operation operation) =>
            _cluster.Commit(BucketOf(key), new TransactionCommand(Time.Wall, default, Transaction.Of(operation)));

        private BucketId BucketOf(StoreKey key) => _map.BucketOf(key.Namespace, key.Bytes.Span);
    }
}
