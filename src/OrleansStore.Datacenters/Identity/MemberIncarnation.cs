using System.Collections.Immutable;

namespace OrleansStore.Datacenters.Identity;

/// <summary>The folder of one datacenter, and those it had before.</summary>
/// <param name="Datacenter">The datacenter.</param>
/// <param name="Current">The incarnation that was heard of last.</param>
/// <param name="IsJoining">Whether that folder said last that it is joining: consensus has to take it in before it votes. False while it has not been heard
/// since this
/// process started, unless it is this one.</param>
/// <param name="Previous">The incarnations before, oldest first; what still speaks under one of them is refused. At most <see cref="MaxPrevious"/>.</param>
public sealed record MemberIncarnation(DatacenterId Datacenter, ulong Current, bool IsJoining, ImmutableArray<ulong> Previous)
{
    /// <summary>How many previous incarnations of a datacenter are remembered.</summary>
    public const int MaxPrevious = 32;

    /// <summary>The id of the replicas in the present folder.</summary>
    public ReplicaId Replica => ReplicaId.Create(Datacenter.Value, Current);
}
