using BenchmarkDotNet.Attributes;
using OrleansStore.Placement;

namespace OrleansStore.Benchmarks;

/// <summary>Where a key belongs, and what it costs to find that out for all buckets.</summary>
[MemoryDiagnoser]
public class RingBenchmarks
{
    private readonly byte[] _key = "tenant-17/orders/2026-000042"u8.ToArray();
    private Topology _topology = null!;
    private PlacementMap _map = null!;

    [Params(64, 4_096)]
    public int Buckets { get; set; }

    [GlobalSetup]
    public void Place()
    {
        _topology = Topology.Create(new TopologyDraft
        {
            Datacenters = [.. Enumerable.Range(1, 5).Select(number => new Datacenter(new DatacenterId((ushort)number), $"dc{number}"))],
            BucketCount = Buckets,
        });
        _map = PlacementMap.Create(_topology);
    }

    [Benchmark]
    public DatacenterId Locate() => _map.PrimaryOf(_map.BucketOf(NamespaceId.Default, _key));

    [Benchmark]
    public PlacementMap Create() => PlacementMap.Create(_topology);
}
