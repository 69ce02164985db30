namespace OrleansStore.Grains.Placement;

/// <summary>Which of several places each bucket goes to: as evenly as can be, and nearly the same when a place comes or goes. Pure.</summary>
/// <remarks>Every bucket ranks the places by a hash of both (rendezvous hashing). The buckets choose in their order; a place that has its share, rounded up, passes to the next.</remarks>
internal static class BucketSpread
{
    /// <summary>Assigns all buckets.</summary>
    /// <param name="buckets">How many there are; positive.</param>
    /// <param name="places">A number per place that stays with it, such as a hash of its address; distinct, at least one.</param>
    /// <returns>Per bucket number an index into <paramref name="places"/>. The order of the places does not matter for where a bucket goes.</returns>
    public static int[] Assign(int buckets, ReadOnlySpan<ulong> places)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(buckets);
        ArgumentOutOfRangeException.ThrowIfZero(places.Length, nameof(places));
        var share = (buckets + places.Length - 1) / places.Length;
        var taken = new int[places.Length];
        var assigned = new int[buckets];
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            var best = -1;
            for (var place = 0; place < places.Length; place++)
            {
                if (taken[place] < share && (best < 0 || Ranks(bucket, places[place], places[best])))
                {
                    best = place;
                }
            }

            taken[best]++;
            assigned[bucket] = best;
        }

        return assigned;
    }

    // Equal weights are as good as impossible; the number of the place decides them all the same, so that every silo decides alike.
    private static bool Ranks(int bucket, ulong place, ulong other)
    {
        var (weight, otherWeight) = (Weight(bucket, place), Weight(bucket, other));
        return weight != otherWeight ? weight > otherWeight : place > other;
    }

    private static ulong Weight(int bucket, ulong place) => new SplitMix64(place ^ ((ulong)bucket * 0x9E37_79B9_7F4A_7C15)).NextUInt64();
}
