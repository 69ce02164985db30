using System.Collections.Immutable;
using OrleansStore.Storage;

namespace OrleansStore.Datacenters.Identity;

/// <summary>What a process says of itself before anything else is said: the content of a hello.</summary>
public sealed record PeerIdentity
{
    /// <summary>The feature level of this release. A new format is written only after the minimum over all members was raised (invariant 13).</summary>
    public const uint CurrentFeatureLevel = 1;

    /// <summary>The most founders; the most datacenters of a topology.</summary>
    public const int MaxFounders = 64;

    /// <summary>The datacenter's number; not <see cref="DatacenterId.None"/>.</summary>
    public required DatacenterId Datacenter { get; init; }

    /// <summary>The datacenter's name; see <see cref="StoreIdentity"/> for what a name is.</summary>
    public required string Name { get; init; }

    /// <summary>What the sender's release can read; at least 1. A difference refuses nothing.</summary>
    public uint FeatureLevel { get; init; } = CurrentFeatureLevel;

    /// <summary>The incarnation of the data folder, durable there before it was first said; in [1, <see cref="ReplicaId.MaxIncarnation"/>].</summary>
    public required ulong Incarnation { get; init; }

    /// <summary>What the folder is in its store.</summary>
    public required FormationPhase Phase { get; init; }

    /// <summary>The store that is promised or held; <see cref="StoreId.None"/> exactly where the phase is <see cref="FormationPhase.Empty"/>.</summary>
    public StoreId StoreId { get; init; }

    /// <summary>The founders of that store by ascending datacenter; empty exactly where there is no store.</summary>
    public ImmutableArray<Founder> Founders { get; init; } = [];

    /// <summary>The version of the topology.</summary>
    public required Epoch Epoch { get; init; }

    /// <summary>The hash of the topology.</summary>
    public required ulong TopologyHash { get; init; }

    /// <summary>How many buckets the store has; positive.</summary>
    public required int BucketCount { get; init; }

    /// <summary>Whether the folder holds a store: payloads go only between two that do.</summary>
    public bool HoldsStore => Phase is FormationPhase.Member or FormationPhase.Joining;

    /// <summary>Compares the founders element by element, which the generated equality of a record would not.</summary>
    public bool Equals(PeerIdentity? other) =>
        other is not null && Datacenter == other.Datacenter && Name == other.Name && FeatureLevel == other.FeatureLevel && Incarnation == other.Incarnation &&
        Phase == other.Phase && StoreId == other.StoreId && Founders.AsSpan().SequenceEqual(other.Founders.AsSpan()) && Epoch == other.Epoch &&
        TopologyHash == other.TopologyHash && BucketCount == other.BucketCount;

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((int)Incarnation);

    /// <summary>The incarnation that a datacenter's folder had when the store was founded; null if it was none of the founders.</summary>
    public ulong? FoundingIncarnationOf(DatacenterId datacenter)
    {
        foreach (var founder in Founders)
        {
            if (founder.Datacenter == datacenter)
            {
                return founder.Incarnation;
            }
        }

        return null;
    }

    /// <summary>Checks every part.</summary>
    /// <returns>This value.</returns>
    /// <exception cref="ArgumentException">A part is outside its range, or two do not fit each other.</exception>
    public PeerIdentity Validated()
    {
        // The storage's identity has the rules of names and incarnations; any store id serves to ask it.
        _ = new StoreIdentity(new StoreId(1), Incarnation, Name);
        var isEmpty = Phase == FormationPhase.Empty;
        Require(Datacenter != DatacenterId.None, "the datacenter's number is 0");
        Require(FeatureLevel > 0, "the feature level is 0");
        Require(Phase is >= FormationPhase.Empty and <= FormationPhase.Joining, $"the phase is {(byte)Phase}");
        Require(isEmpty == (StoreId == StoreId.None) && isEmpty == Founders.IsEmpty, $"phase {Phase} with store id {StoreId} and {Founders.Length} founders");
        Require(Founders.Length <= MaxFounders, $"there are {Founders.Length} founders");
        Require(BucketCount > 0, $"the bucket count is {BucketCount}");
        for (var i = 0; i < Founders.Length; i++)
        {
            var (datacenter, incarnation) = Founders[i];
            Require(incarnation is > 0 and <= ReplicaId.MaxIncarnation, $"founder {datacenter} has incarnation {incarnation}");
            Require(datacenter > (i == 0 ? DatacenterId.None : Founders[i - 1].Datacenter), $"founder {datacenter} is out of order");
        }

        // A member was a founder, or became a member by joining; a folder that joins was no founder.
        Require(Phase != FormationPhase.Promised || FoundingIncarnationOf(Datacenter) == Incarnation, "a promise to a store that was not proposed to this incarnation");
        Require(Phase != FormationPhase.Joining || FoundingIncarnationOf(Datacenter) != Incarnation, "a founder does not join");
        return this;
    }

    private static void Require(bool condition, string error)
    {
        if (!condition)
        {
            throw new ArgumentException(error);
        }
    }
}
