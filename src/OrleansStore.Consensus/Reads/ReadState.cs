namespace OrleansStore.Consensus.Reads;

/// <summary>The answer to a read request: a state machine that has applied <paramref name="Index"/> may answer it, and the answer is linearizable.</summary>
/// <param name="RequestId">What the caller passed to <see cref="RaftCore.ReadIndex"/>.</param>
/// <param name="Index">The read index.</param>
public readonly record struct ReadState(ulong RequestId, LogIndex Index);
