namespace OrleansStore.Placement;

/// <summary>What it takes to go from one placement to another.</summary>
/// <param name="Primaries">Buckets whose primary datacenter differs: leaderships to transfer.</param>
/// <param name="Replicas">Replicas to copy: for each bucket the datacenters that hold it afterwards and did not before. Replicas that are only dropped do not
/// count, nor does a new order among the same datacenters.</param>
public readonly record struct PlacementMovement(int Primaries, int Replicas)
{
    /// <summary>Compares two placements of the same store.</summary>
    /// <exception cref="ArgumentException">They differ in the number of buckets.</exception>
    public static PlacementMovement Between(PlacementMap before, PlacementMap after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var count = before.Topology.BucketCount;
        if (count != after.Topology.BucketCount)
        {
            throw new ArgumentException($"{count} buckets cannot be compared with {after.Topology.BucketCount}.", nameof(after));
        }

        var primaries = 0;
        var replicas = 0;
        for (uint number = 0; number < count.Value; number++)
        {
            var bucket = new BucketId(number);
            var old = before.DatacentersOf(bucket);
            primaries += old[0] != after.PrimaryOf(bucket) ? 1 : 0;
            foreach (var datacenter in after.DatacentersOf(bucket))
            {
                replicas += old.Contains(datacenter) ? 0 : 1;
            }
        }

        return new PlacementMovement(primaries, replicas);
    }
}
