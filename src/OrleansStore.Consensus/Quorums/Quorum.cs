using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus.Quorums;

/// <summary>The arithmetic of majorities; it knows no roles and no terms.</summary>
/// <remarks>An empty majority agrees to everything. Only the outgoing half of a configuration that is not joint is ever empty in a running group.</remarks>
internal static class Quorum
{
    /// <summary>More voters than this in one half of a configuration are refused: larger groups cost latency and gain nothing.</summary>
    public const int MaxVoters = 31;

    /// <summary>What an empty majority agrees to.</summary>
    public const ulong Everything = ulong.MaxValue;

    /// <summary>Returns the largest value that a majority has reached.</summary>
    /// <param name="values">One value per voter, in any order; a voter that has not answered counts with 0. The span is sorted in place.</param>
    public static ulong MajorityValue(Span<ulong> values)
    {
        if (values.IsEmpty)
        {
            return Everything;
        }

        Invariant.Check(values.Length <= MaxVoters, $"voters={values.Length} must be at most {MaxVoters}");
        values.Sort();

        // Ascending order: the slot (count - 1) / 2 has count / 2 + 1 voters at or above it, a majority.
        return values[(values.Length - 1) / 2];
    }

    /// <summary>Returns how an election stands in one half of a configuration.</summary>
    /// <param name="voters">How many voters there are.</param>
    /// <param name="granted">How many of them granted.</param>
    /// <param name="rejected">How many of them rejected.</param>
    public static VoteResult MajorityVote(int voters, int granted, int rejected)
    {
        Invariant.Check(granted + rejected <= voters, $"granted={granted} rejected={rejected} voters={voters}");
        if (voters == 0)
        {
            return VoteResult.Won;
        }

        var majority = (voters / 2) + 1;
        if (granted >= majority)
        {
            return VoteResult.Won;
        }

        return voters - rejected >= majority ? VoteResult.Pending : VoteResult.Lost;
    }

    /// <summary>Joins the two halves of a joint configuration: both must agree (Raft section 6).</summary>
    public static VoteResult Both(VoteResult incoming, VoteResult outgoing)
    {
        if (incoming == VoteResult.Lost || outgoing == VoteResult.Lost)
        {
            return VoteResult.Lost;
        }

        return incoming == VoteResult.Won && outgoing == VoteResult.Won ? VoteResult.Won : VoteResult.Pending;
    }
}
