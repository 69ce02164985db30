using System.Collections.Immutable;

namespace OrleansStore.Datacenters.Identity;

/// <summary>Decides how a folder comes to a store: first creation, or joining one that is there. Pure: what is known in, one step out.</summary>
/// <remarks>
/// <para>First creation is a two-phase commit whose coordinator is the datacenter with the first name in ordinal order. It must be one: the founders become the
/// first voters of every bucket, and two datacenters that started with different lists of voters could each find a majority.</para>
/// <code>
///   coordinator  Empty ──propose (all are there, none holds a store)──► Promised ──form (all have promised)──► Member
///   others       Empty ──promise (all are there, none holds a store)──► Promised ──form (a peer holds it)────► Member
///   anybody      Empty or Promised ──join (a peer holds a store that this incarnation did not found)──► Joining
/// </code>
/// <para>Every step is durable before the peers hear of it, and an incarnation is durable before anybody hears of it. Why at most one store comes to be
/// held:</para>
/// <para>1. Only the coordinator's folder decides, and only once: its first record of phase Member. Everybody else forms after a peer that holds the
/// store.</para>
/// <para>2. It decides when each founder, under the incarnation it has, promised this very store. A promise is given up only when it cannot be decided any
/// more: the coordinator's folder
/// was wiped (it has another incarnation) or has itself turned to another store.</para>
/// <para>3. A coordinator that was wiped after it decided finds the store at a founder it told, and joins; if it told nobody, nothing was ever acknowledged
/// under that store, and a new proposal may replace it.</para>
/// <para>The model test explores all interleavings of three datacenters with crashes and wipes against these claims.</para>
/// </remarks>
internal static class FormationDecider
{
    /// <summary>Finds the next step.</summary>
    /// <param name="own">This folder; any phase.</param>
    /// <param name="peers">The other datacenters of the topology: number to name.</param>
    /// <param name="heard">What each peer said last over connections that still stand, as far as this side knows.</param>
    public static FormationDecision Decide(
        PeerIdentity own, IReadOnlyDictionary<DatacenterId, string> peers, IReadOnlyDictionary<DatacenterId, PeerIdentity> heard)
    {
        if (own.HoldsStore)
        {
            return FormationDecision.Wait(string.Empty);
        }

        var holders = heard.Values.Where(peer => peer.HoldsStore).OrderBy(peer => peer.Datacenter).ToList();
        if (holders.Count > 0)
        {
            return FollowHolders(own, CoordinatorOf(own, peers), holders, heard);
        }

        var missing = peers.Where(peer => !heard.ContainsKey(peer.Key)).Select(peer => peer.Value).Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            return FormationDecision.Wait($"no hello of {string.Join(", ", missing)} yet: a store is created only when all datacenters are there");
        }

        var coordinator = CoordinatorOf(own, peers);
        return coordinator == own.Datacenter ? Coordinate(own, heard) : FollowCoordinator(own, heard[coordinator]);
    }

    /// <summary>The datacenter whose name is first in ordinal order.</summary>
    public static DatacenterId CoordinatorOf(PeerIdentity own, IReadOnlyDictionary<DatacenterId, string> peers)
    {
        var (coordinator, first) = (own.Datacenter, own.Name);
        foreach (var (datacenter, name) in peers)
        {
            if (string.CompareOrdinal(name, first) < 0)
            {
                (coordinator, first) = (datacenter, name);
            }
        }

        return coordinator;
    }

    private static FormationDecision FollowHolders(
        PeerIdentity own, DatacenterId coordinator, List<PeerIdentity> holders, IReadOnlyDictionary<DatacenterId, PeerIdentity> heard)
    {
        var holder = holders[0];
        if (holders.Find(other => other.StoreId != holder.StoreId) is { } other)
        {
            return FormationDecision.Wait(
                $"store id differs: {holder.Name} has {holder.StoreId}, {other.Name} has {other.StoreId}; one of the two data folders must go");
        }

        var isPromisedElsewhere = own.Phase == FormationPhase.Promised && own.StoreId != holder.StoreId;
        if (isPromisedElsewhere && !IsPromiseVoid(own, coordinator, heard))
        {
            return FormationDecision.Wait(
                $"store {own.StoreId} was promised to datacenter {coordinator}, which must say first that it has given it up for {holder.StoreId}");
        }

        if (holder.FoundingIncarnationOf(own.Datacenter) != own.Incarnation)
        {
            return new FormationDecision(FormationStep.Join, holder.StoreId, holder.Founders, string.Empty);
        }

        // A founder has promised, durably, before the store was decided. A folder that does not know of it has lost what it said was safe, perhaps votes, too.
        return own.Phase == FormationPhase.Promised
            ? new FormationDecision(FormationStep.Form, holder.StoreId, holder.Founders, string.Empty)
            : FormationDecision.Wait(
                $"{holder.Name} says that this folder (incarnation {own.Incarnation}) founded store {holder.StoreId}, " +
                "but the folder does not know of it: wipe the folder, and it joins anew");
    }

    private static FormationDecision Coordinate(PeerIdentity own, IReadOnlyDictionary<DatacenterId, PeerIdentity> heard)
    {
        ImmutableArray<Founder> founders =
        [
            .. heard.Values.Append(own).OrderBy(folder => folder.Datacenter).Select(folder => new Founder(folder.Datacenter, folder.Incarnation)),
        ];

        // A founder that was wiped since can never promise: the proposal is dead, and as nobody but we could have decided it, we may make another.
        if (own.Phase == FormationPhase.Empty || !founders.AsSpan().SequenceEqual(own.Founders.AsSpan()))
        {
            return new FormationDecision(FormationStep.Propose, StoreId.None, founders, string.Empty);
        }

        var waiting = heard.Values.Where(peer => peer.StoreId != own.StoreId).Select(peer => peer.Name).Order(StringComparer.Ordinal).ToList();
        return waiting.Count == 0
            ? new FormationDecision(FormationStep.Form, own.StoreId, own.Founders, string.Empty)
            : FormationDecision.Wait($"{string.Join(", ", waiting)} has not promised store {own.StoreId} yet");
    }

    private static FormationDecision FollowCoordinator(PeerIdentity own, PeerIdentity coordinator)
    {
        if (coordinator.Phase != FormationPhase.Promised || coordinator.FoundingIncarnationOf(own.Datacenter) != own.Incarnation)
        {
            return FormationDecision.Wait($"{coordinator.Name} has not proposed a store to this folder yet");
        }

        return own.StoreId == coordinator.StoreId
            ? FormationDecision.Wait($"{coordinator.Name} has not decided about store {own.StoreId} yet")
            : new FormationDecision(FormationStep.Promise, coordinator.StoreId, coordinator.Founders, string.Empty);
    }

    private static bool IsPromiseVoid(PeerIdentity own, DatacenterId coordinator, IReadOnlyDictionary<DatacenterId, PeerIdentity> heard) =>
        coordinator == own.Datacenter ||
        (heard.TryGetValue(coordinator, out var peer) &&
         (peer.Incarnation != own.FoundingIncarnationOf(coordinator) || peer.StoreId != own.StoreId));
}
