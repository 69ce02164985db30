using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansStore.Datacenters.Silos;

namespace OrleansStore.Embedded.Tests.Silos;

/// <summary>Two silos, this one and another, whose whereabouts of buckets a test decides.</summary>
internal sealed class ScriptedCluster : ISiloCluster
{
    public static readonly SiloName Other = new("other");

    private readonly ConcurrentQueue<byte[]> _batches = new();

    public SiloName Self { get; } = new("self");

    public ImmutableArray<SiloName> Members { get; set; } = [new("self"), Other];

    /// <summary>The buckets whose actors are active here.</summary>
    public ConcurrentDictionary<BucketId, bool> Here { get; } = new();

    /// <summary>What locating a bucket ends with.</summary>
    public TaskCompletionSource<SiloName?> Located { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the other silo says it does not have.</summary>
    public ImmutableArray<BucketId> Misplaced { get; set; } = [];

    public int Locations { get; private set; }

    public IReadOnlyCollection<byte[]> Batches => _batches;

    public bool IsHere(BucketId bucket) => Here.ContainsKey(bucket);

    public async ValueTask<SiloName?> LocateAsync(BucketId bucket)
    {
        Locations++;
        return await Located.Task;
    }

    public ValueTask<ImmutableArray<BucketId>> DeliverAsync(SiloName to, ReadOnlyMemory<byte> batch)
    {
        _batches.Enqueue(batch.ToArray());
        return new(Misplaced);
    }
}
