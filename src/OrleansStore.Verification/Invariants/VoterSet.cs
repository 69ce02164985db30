namespace OrleansStore.Verification.Invariants;

/// <summary>The voters of a group.</summary>
/// <param name="Voters">The voters; in a joint configuration those of the incoming half.</param>
/// <param name="Outgoing">Those of the outgoing half; empty unless the configuration is joint.</param>
public sealed record VoterSet(IReadOnlyList<ReplicaId> Voters, IReadOnlyList<ReplicaId> Outgoing)
{
    /// <summary>Whether a majority of each half does what is asked.</summary>
    internal bool HasQuorum(Func<ReplicaId, bool> holds) => HasMajority(Voters, holds) && HasMajority(Outgoing, holds);

    /// <summary>Whether a majority of one half does.</summary>
    internal bool HasQuorumOfOneHalf(Func<ReplicaId, bool> holds) => (Voters.Count > 0 && HasMajority(Voters, holds)) || (Outgoing.Count > 0 && HasMajority(Outgoing, holds));

    private static bool HasMajority(IReadOnlyList<ReplicaId> voters, Func<ReplicaId, bool> holds) => voters.Count == 0 || voters.Count(holds) * 2 > voters.Count;
}
