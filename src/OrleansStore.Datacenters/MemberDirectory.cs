using OrleansStore.Datacenters.Identity;

namespace OrleansStore.Datacenters;

/// <summary>The members that formation and hellos have told of, as buckets ask for them.</summary>
internal sealed class MemberDirectory(IMemberDirectory members) : Service.Engine.IMemberDirectory
{
    public ReplicaId Founding(DatacenterId datacenter)
    {
        foreach (var founder in members.Founders)
        {
            if (founder.Datacenter == datacenter)
            {
                return ReplicaId.Create(datacenter.Value, founder.Incarnation);
            }
        }

        return ReplicaId.None;
    }

    public ReplicaId Current(DatacenterId datacenter)
    {
        foreach (var member in members.Members)
        {
            if (member.Datacenter == datacenter)
            {
                return member.Replica;
            }
        }

        return ReplicaId.None;
    }
}
