using OrleansStore.Placement.Hashing;

namespace OrleansStore.Placement.Rings;

/// <summary>The ring tokens of one datacenter. Token <c>t</c> ends the arc <c>(previous token, t]</c>; the ring is the 64-bit hash space, closed.</summary>
/// <remarks>A bucket stands on the ring at its first hash. The token of virtual node <c>v</c> depends on the ring, the datacenter's number and <c>v</c> alone, so a change of
/// weight adds or removes tokens and moves none.</remarks>
internal sealed class VirtualNodes
{
    /// <summary>How many virtual nodes a datacenter of average weight has.</summary>
    public const int Average = 512;

    private const int Min = 64;
    private const int Max = 4096;

    // The ASCII bytes "OrleansStorering": another key than that of key hashes.
    private const ulong Key0 = KeyHash.Key0;
    private const ulong Key1 = 0x676e697265726f74UL;

    private readonly BucketCount _bucketCount;
    private readonly ulong[] _tokens;

    /// <summary>Takes tokens as they are, the first virtual node's first.</summary>
    internal VirtualNodes(BucketCount bucketCount, ulong[] tokens)
    {
        _bucketCount = bucketCount;
        _tokens = tokens;
    }

    /// <summary>Places the virtual nodes of a datacenter: <see cref="Average"/> times its weight by the average weight.</summary>
    /// <param name="bucketCount">How many buckets stand on the ring.</param>
    /// <param name="goal">The goal with all datacenters and weights.</param>
    /// <param name="slot">Which of them.</param>
    /// <param name="ring">Which of several rings of independent tokens.</param>
    public static VirtualNodes Of(BucketCount bucketCount, PlacementGoal goal, int slot, Ring ring)
    {
        var datacenter = goal.Datacenters[slot];
        var totalWeight = goal.Datacenters.Sum(each => (long)each.Weight);
        var tokens = new ulong[(int)Math.Clamp((long)Average * goal.Datacenters.Length * datacenter.Weight / totalWeight, Min, Max)];
        for (var node = 0; node < tokens.Length; node++)
        {
            tokens[node] = SipHash24.Hash(Key0, Key1, ((ulong)ring << 48) | ((ulong)datacenter.Id.Value << 32) | (uint)node, []);
        }

        return new VirtualNodes(bucketCount, tokens);
    }

    /// <summary>All buckets in the order in which this datacenter takes them: every virtual node takes the bucket it stands in, then each lengthens its arc
    /// backwards by one bucket a round until it meets the previous one.</summary>
    public int[] PreferredBuckets()
    {
        var count = _bucketCount.Value;
        var order = new int[count];
        var isTaken = new bool[count];
        var taken = 0;
        var arcs = new List<int>(_tokens.Length);
        foreach (var token in _tokens)
        {
            var bucket = (int)new KeyHash(token).BucketOf(_bucketCount).Number;
            if (!isTaken[bucket])
            {
                isTaken[bucket] = true;
                order[taken++] = bucket;
                arcs.Add(bucket);
            }
        }

        while (taken < count)
        {
            var growing = 0;
            for (var i = 0; i < arcs.Count; i++)
            {
                var bucket = (arcs[i] - 1) & (count - 1);
                if (!isTaken[bucket])
                {
                    isTaken[bucket] = true;
                    order[taken++] = bucket;
                    arcs[growing++] = bucket;
                }
            }

            arcs.RemoveRange(growing, arcs.Count - growing);
        }

        return order;
    }

    /// <summary>For each bucket how far, clockwise, the next token is from where the bucket stands; 0 where a token stands there.</summary>
    public ulong[] Distances()
    {
        var sorted = _tokens.Order().ToArray();
        var distances = new ulong[_bucketCount.Value];
        var next = 0;
        for (var bucket = 0; bucket < distances.Length; bucket++)
        {
            // Shifted in two steps: for one bucket the shift is by 64, which the processor would take as 0.
            var position = (ulong)bucket << (63 - _bucketCount.Log2) << 1;
            while (next < sorted.Length && sorted[next] < position)
            {
                next++;
            }

            distances[bucket] = unchecked(sorted[next % sorted.Length] - position);
        }

        return distances;
    }
}
