namespace OrleansStore.Consensus.Leases;

/// <summary>The voter's end of a leader's lease (Raft thesis, section 6.4.1): until it runs out the voter grants no vote and no pre-vote, its own included.</summary>
/// <remarks>
/// Why a lease read is safe. Let the leader of term t trust its lease at time r. It then has, for a majority, answers to messages that it sent at
/// or after s, with r - s &lt; duration · (1 - drift). Each of these voters promised at the time it received the message, so after s, for a full duration
/// by its own clock, which is at least duration · (1 - drift) of the leader's. So at r none of them has granted a vote to anybody else since; no other
/// leader was elected by a majority, and nothing was committed that this leader does not know.
/// </remarks>
internal struct VoterPromise(TimeSpan duration, MonotonicTime until)
{
    /// <summary>When the promise runs out.</summary>
    public MonotonicTime Until { get; private set; } = until;

    public readonly bool IsActiveAt(MonotonicTime now) => now < Until;

    /// <summary>Notes that the leader was heard at <paramref name="now"/>. Never shortens.</summary>
    public void Extend(MonotonicTime now)
    {
        var extended = now + duration;
        Until = extended > Until ? extended : Until;
    }

    /// <summary>Ends the promise: the leader it was given to said that it holds no lease.</summary>
    public void Release() => Until = MonotonicTime.Zero;
}
