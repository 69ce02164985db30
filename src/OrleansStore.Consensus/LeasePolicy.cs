namespace OrleansStore.Consensus;

/// <summary>What a leader may trust when it answers a read without asking a majority. Everything but <see cref="Promise"/> exists for tests.</summary>
internal enum LeasePolicy
{
    /// <summary>Nothing: every linearizable read takes a ReadIndex round, and voters promise nothing.</summary>
    None = 1,

    /// <summary>That it has not stepped down by the quorum check. Counts ticks, so it is wrong when the process was paused.</summary>
    QuorumCheck = 2,

    /// <summary>The vote promises of a majority, measured in time (invariant 6).</summary>
    Promise = 3,
}
