namespace OrleansStore.Placement.Rings;

/// <summary>The weighted share of primaries and of replicas that a goal gives each datacenter.</summary>
internal static class WeightedShares
{
    /// <summary>One share per datacenter of <paramref name="goal"/>; they add up to <paramref name="bucketCount"/>.</summary>
    public static Share[] OfPrimaries(PlacementGoal goal, int bucketCount)
    {
        if (goal.PrimaryDatacenter != DatacenterId.None)
        {
            return [.. goal.Datacenters.Select(datacenter => Share.Of(datacenter.Id == goal.PrimaryDatacenter ? bucketCount : 0))];
        }

        var totalWeight = goal.Datacenters.Sum(datacenter => (long)datacenter.Weight);
        return [.. goal.Datacenters.Select(datacenter => Share.Of((long)datacenter.Weight * bucketCount, totalWeight))];
    }

    /// <summary>One share per datacenter of <paramref name="goal"/>; they add up to bucket count times replicas per bucket, and none exceeds the bucket count.</summary>
    /// <remarks>Water-filling: a datacenter holds at most one replica of a bucket, so one whose weight asks for more than every bucket gets every bucket, and
    /// what it cannot take is shared by the others, again by weight. The datacenter of all primaries has every bucket whatever its weight.</remarks>
    public static Share[] OfReplicas(PlacementGoal goal, int bucketCount)
    {
        var datacenters = goal.Datacenters;
        var isFull = new bool[datacenters.Length];
        long places = goal.ReplicasPerBucket;
        long openWeight = datacenters.Sum(datacenter => (long)datacenter.Weight);
        for (var i = 0; i < datacenters.Length; i++)
        {
            if (datacenters[i].Id == goal.PrimaryDatacenter)
            {
                Fill(i);
            }
        }

        // Filling one takes more than its weight's part from the rest, so it may fill another: repeat until none is filled. At most one round per datacenter.
        for (var hasChanged = true; hasChanged;)
        {
            hasChanged = false;
            for (var i = 0; i < datacenters.Length; i++)
            {
                if (!isFull[i] && places > 0 && places * datacenters[i].Weight >= openWeight)
                {
                    Fill(i);
                    hasChanged = true;
                }
            }
        }

        return [.. datacenters.Select((datacenter, i) => isFull[i] ? Share.Of(bucketCount) : Share.Of(places * bucketCount * datacenter.Weight, openWeight))];

        void Fill(int i)
        {
            isFull[i] = true;
            places--;
            openWeight -= datacenters[i].Weight;
        }
    }
}
