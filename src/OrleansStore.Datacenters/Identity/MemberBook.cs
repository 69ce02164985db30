using System.Collections.Immutable;

namespace OrleansStore.Datacenters.Identity;

/// <summary>The incarnations that were seen to hold the store. Immutable.</summary>
/// <param name="own">This folder.</param>
/// <param name="known">In the order in which each was first seen; the last of a datacenter is its present one.</param>
/// <param name="joining">The datacenters whose present folder said last that it is joining.</param>
internal sealed class MemberBook(PeerIdentity own, ImmutableArray<Founder> known, ImmutableHashSet<DatacenterId> joining)
{
    public ImmutableArray<Founder> Known => known;

    public ImmutableArray<MemberIncarnation> Members { get; } =
    [
        .. known.GroupBy(member => member.Datacenter).OrderBy(group => group.Key).Select(group =>
        {
            var incarnations = group.Select(member => member.Incarnation).ToList();
            return new MemberIncarnation(group.Key, incarnations[^1], joining.Contains(group.Key), [.. incarnations.SkipLast(1)]);
        }),
    ];

    public static MemberBook Of(FormationRecord record) =>
        new(record.ToIdentity(), record.Known, record.Phase == FormationPhase.Joining ? [record.Datacenter] : []);

    /// <summary>What is known at the moment a folder comes to its store: the founders, and itself if it is none of them.</summary>
    public static ImmutableArray<Founder> FirstKnown(ImmutableArray<Founder> founders, PeerIdentity own)
    {
        var self = new Founder(own.Datacenter, own.Incarnation);
        return founders.Contains(self) ? founders : founders.Add(self);
    }

    /// <summary>The incarnation that has replaced the peer's; null if none has.</summary>
    public ulong? FindRetired(PeerIdentity peer) =>
        Members.FirstOrDefault(member => member.Datacenter == peer.Datacenter) is { } member && member.Previous.Contains(peer.Incarnation) ? member.Current : null;

    /// <summary>Takes in what peers say of themselves.</summary>
    /// <returns>The new book; null if it would say the same.</returns>
    public MemberBook? Learn(IEnumerable<PeerIdentity> peers)
    {
        var (newKnown, newJoining) = (known, joining);
        foreach (var peer in peers.Where(peer => peer.HoldsStore && peer.StoreId == own.StoreId).OrderBy(peer => peer.Datacenter))
        {
            var entry = new Founder(peer.Datacenter, peer.Incarnation);
            newKnown = newKnown.Contains(entry) ? newKnown : Bound(newKnown.Add(entry), peer.Datacenter);
            newJoining = peer.Phase == FormationPhase.Joining ? newJoining.Add(peer.Datacenter) : newJoining.Remove(peer.Datacenter);
        }

        var isSame = newJoining.SetEquals(joining) && newKnown.AsSpan().SequenceEqual(known.AsSpan());
        return isSame ? null : new MemberBook(own, newKnown, newJoining);
    }

    private static ImmutableArray<Founder> Bound(ImmutableArray<Founder> known, DatacenterId datacenter)
    {
        var excess = known.Count(member => member.Datacenter == datacenter) - (MemberIncarnation.MaxPrevious + 1);
        return excess <= 0 ? known : known.RemoveAt(known.IndexOf(known.First(member => member.Datacenter == datacenter)));
    }
}
