using OrleansStore.Diagnostics;

namespace OrleansStore.Placement.Rings;

/// <summary>How many replicas and primaries each datacenter is to have: its share rounded up or down.</summary>
/// <remarks>Which way is chosen so that the present counts change least: a datacenter whose count already is its share rounded up or down keeps it where
/// the sum allows. What remains goes by the largest fractional part, then by the lower number.</remarks>
internal sealed class Quotas
{
    private Quotas(int[] min, int[] max, int[] wanted)
    {
        Min = min;
        Max = max;
        Wanted = wanted;
    }

    /// <summary>Per datacenter of the goal the least it may get.</summary>
    public int[] Min { get; }

    /// <summary>Per datacenter of the goal the most it may get.</summary>
    public int[] Max { get; }

    /// <summary>Per datacenter of the goal what it is to get unless another number within the bounds saves a move; in sum all there is.</summary>
    public int[] Wanted { get; }

    /// <summary>Sets the quotas of primaries.</summary>
    /// <param name="goal">The goal.</param>
    /// <param name="bucketCount">How many buckets there are.</param>
    /// <param name="current">How many primaries each datacenter of the goal has now.</param>
    public static Quotas OfPrimaries(PlacementGoal goal, int bucketCount, ReadOnlySpan<int> current)
    {
        var shares = WeightedShares.OfPrimaries(goal, bucketCount);
        int[] min = [.. shares.Select(share => share.Floor)];
        var max = MaxPrimaries(shares, WeightedShares.OfReplicas(goal, bucketCount), bucketCount * goal.ReplicasPerBucket, current);
        return new Quotas(min, max, Round(shares, min, max, current, bucketCount));
    }

    /// <summary>Sets the quotas of replicas.</summary>
    /// <param name="goal">The goal.</param>
    /// <param name="bucketCount">How many buckets there are.</param>
    /// <param name="current">How many replicas each datacenter of the goal has now.</param>
    /// <param name="primaries">How many primaries each will have: it gets as many replicas at least.</param>
    public static Quotas OfReplicas(PlacementGoal goal, int bucketCount, ReadOnlySpan<int> current, int[] primaries)
    {
        var shares = WeightedShares.OfReplicas(goal, bucketCount);
        int[] min = [.. shares.Select((share, i) => Math.Max(share.Floor, primaries[i]))];
        int[] max = [.. shares.Select(share => share.Ceiling)];
        return new Quotas(min, max, Round(shares, min, max, current, bucketCount * goal.ReplicasPerBucket));
    }

    /// <summary>Rounds shares to whole numbers between the bounds that add up to <paramref name="total"/>, as near to <paramref name="current"/> as they can be.</summary>
    internal static int[] Round(ReadOnlySpan<Share> shares, ReadOnlySpan<int> min, ReadOnlySpan<int> max, ReadOnlySpan<int> current, int total)
    {
        var quotas = new int[shares.Length];
        var sum = 0;
        for (var i = 0; i < quotas.Length; i++)
        {
            quotas[i] = Math.Clamp(current[i], min[i], max[i]);
            sum += quotas[i];
        }

        for (; sum < total; sum++)
        {
            quotas[Best(shares, quotas, max, sign: 1)]++;
        }

        for (; sum > total; sum--)
        {
            quotas[Best(shares, quotas, min, sign: -1)]--;
        }

        return quotas;
    }

    /// <summary>The datacenter with the largest (sign 1) or smallest (sign -1) fractional part among those that are not at their bound.</summary>
    private static int Best(ReadOnlySpan<Share> shares, ReadOnlySpan<int> quotas, ReadOnlySpan<int> bound, int sign)
    {
        var best = -1;
        for (var i = 0; i < quotas.Length; i++)
        {
            // Shares that are not whole have one denominator, so remainders compare as they are.
            if (quotas[i] != bound[i] && (best < 0 || sign * shares[i].Remainder > sign * shares[best].Remainder))
            {
                best = i;
            }
        }

        Invariant.Check(best >= 0, $"no quota can change by {sign}; datacenters={quotas.Length}");
        return best;
    }

    /// <summary>The shares of primaries rounded up, but 0 for some datacenters that are owed less than one replica, where there would be no replica for them.</summary>
    /// <remarks>This matters only where many datacenters have few buckets. A datacenter whose share of replicas is at least one can, rounded down, hold the
    /// primaries it is owed rounded up (with two replicas of each bucket or more its share of replicas is at least twice that of primaries). Of the
    /// others no more may become primary of something than there are replicas left; their shares together are no more than that, so the
    /// primaries still fit. Those that are primary now come first, then those with the larger share.</remarks>
    private static int[] MaxPrimaries(Share[] primaries, Share[] replicas, int replicaCount, ReadOnlySpan<int> current)
    {
        int[] max = [.. primaries.Select(share => share.Ceiling)];
        var left = replicaCount - replicas.Sum(share => share.Floor);
        var keys = current.ToArray();
        var small = Enumerable.Range(0, max.Length).Where(i => replicas[i].Floor == 0 && max[i] > 0);
        foreach (var i in small.OrderByDescending(i => keys[i]).ThenByDescending(i => primaries[i].Remainder).Skip(left))
        {
            max[i] = 0;
        }

        return max;
    }
}
