using OrleansStore.Service.Peers;

namespace OrleansStore.Service.Replicas;

/// <summary>What the buckets of a process go by that lies outside them: who can be reached, under which incarnation, and whether this datacenter may lead and take writes. Immutable;
/// the silo replaces it when something has changed, so that a bucket sees by one comparison of references that nothing has.</summary>
internal sealed class Surroundings
{
    private readonly Neighbour[] _datacenters;

    private Surroundings(Neighbour[] datacenters, bool mayLead, WriteStatus? refusesWritesWith)
    {
        _datacenters = datacenters;
        MayLead = mayLead;
        RefusesWritesWith = refusesWritesWith;
    }

    /// <summary>Whether the replicas here may lead.</summary>
    public bool MayLead { get; }

    /// <summary>What writes are refused with; null while they are taken.</summary>
    public WriteStatus? RefusesWritesWith { get; }

    /// <summary>Looks around.</summary>
    /// <param name="last">What was seen last; null for nothing.</param>
    /// <param name="environment">Where to look.</param>
    /// <param name="mayLead">Whether the replicas here may lead.</param>
    /// <param name="refusesWritesWith">What writes are refused with.</param>
    /// <returns><paramref name="last"/> itself if nothing is different.</returns>
    public static Surroundings Observe(Surroundings? last, SiloEnvironment environment, bool mayLead, WriteStatus? refusesWritesWith)
    {
        var members = environment.Placement.Topology.Datacenters;
        var seen = new Neighbour[members.Length];
        for (var i = 0; i < seen.Length; i++)
        {
            var id = members[i].Id;
            var isReachable = id == environment.Local || environment.Links.StateOf(id) == LinkState.Up;
            seen[i] = new Neighbour(id, isReachable, environment.Members.Current(id));
        }

        var isSame = last is not null && last.MayLead == mayLead && last.RefusesWritesWith == refusesWritesWith && last._datacenters.AsSpan().SequenceEqual(seen);
        return isSame ? last! : new Surroundings(seen, mayLead, refusesWritesWith);
    }

    /// <summary>Whether a datacenter can be reached without the help of another; true for the local one.</summary>
    public bool IsReachable(DatacenterId datacenter) => Find(datacenter).IsReachable;

    /// <summary>The incarnation of a datacenter; <see cref="ReplicaId.None"/> where it is not known.</summary>
    public ReplicaId Current(DatacenterId datacenter) => Find(datacenter).Current;

    private Neighbour Find(DatacenterId datacenter)
    {
        foreach (var neighbour in _datacenters)
        {
            if (neighbour.Id == datacenter)
            {
                return neighbour;
            }
        }

        return default;
    }

    private readonly record struct Neighbour(DatacenterId Id, bool IsReachable, ReplicaId Current);
}
