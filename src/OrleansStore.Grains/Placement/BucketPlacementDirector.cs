using System.Text;
using Orleans.Runtime.Placement;

namespace OrleansStore.Grains.Placement;

/// <summary>Chooses the silo of a bucket that is not active anywhere: spreads the buckets evenly over the silos of the cluster, and every silo decides alike.</summary>
/// <remarks>A bucket that is active stays where it is when silos come: it moves when it has slept. With local files a cluster has one silo, where the files and so all claims are.</remarks>
internal sealed class BucketPlacementDirector(StoreTopologyHint topology) : IPlacementDirector
{
    // FNV-1a, 64 bits.
    private const ulong HashOffset = 14695981039346656037;
    private const ulong HashPrime = 1099511628211;

    // Replaced as a whole when the silos change.
    private volatile Assignment? _assignment;

    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        if (silos.Length == 1)
        {
            return Task.FromResult(silos[0]);
        }

        var hint = IPlacementDirector.GetPlacementHint(target.RequestContextData, silos);
        return Task.FromResult(hint ?? For(silos).SiloOf((ulong)target.GrainIdentity.GetIntegerKey()));
    }

    private Assignment For(SiloAddress[] silos)
    {
        if (_assignment is { } known && known.IsOf(silos, topology.BucketCount))
        {
            return known;
        }

        return _assignment = new Assignment([.. silos.Order()], topology.BucketCount);
    }

    private static ulong Hash(SiloAddress silo)
    {
        var hash = HashOffset;
        foreach (var b in Encoding.UTF8.GetBytes(silo.ToParsableString()))
        {
            hash = unchecked((hash ^ b) * HashPrime);
        }

        return hash;
    }

    private sealed class Assignment(SiloAddress[] silos, int buckets)
    {
        private readonly int[] _places = BucketSpread.Assign(buckets, silos.Select(Hash).ToArray());

        public bool IsOf(SiloAddress[] others, int count) => count == buckets && others.Length == silos.Length && others.Order().SequenceEqual(silos);

        public SiloAddress SiloOf(ulong bucket) => silos[_places[(int)((uint)bucket % (uint)buckets)]];
    }
}
