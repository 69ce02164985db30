namespace OrleansStore.Grains.Placement;

/// <summary>How many buckets the placement director spreads. Until the store of this silo is known, the default count: then a bucket merely goes to another silo than it would later.</summary>
internal sealed class StoreTopologyHint
{
    private volatile int _bucketCount = OrleansStore.Placement.BucketCount.Default.Value;

    public int BucketCount
    {
        get => _bucketCount;
        set => _bucketCount = value;
    }
}
