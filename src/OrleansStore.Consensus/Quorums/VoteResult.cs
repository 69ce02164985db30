namespace OrleansStore.Consensus.Quorums;

/// <summary>Where an election stands.</summary>
internal enum VoteResult
{
    /// <summary>Votes that could decide it are still out.</summary>
    Pending = 1,

    /// <summary>A majority rejected, or can no longer be reached.</summary>
    Lost = 2,

    /// <summary>A majority granted; in a joint configuration a majority of each half.</summary>
    Won = 3,
}
