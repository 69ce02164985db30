namespace OrleansStore.Consensus.Membership;

/// <summary>What happens to one member. The values stand in log entries: append only, 0 is never valid.</summary>
public enum ConfigChangeType : byte
{
    /// <summary>The replica becomes a voter; a learner is promoted.</summary>
    AddVoter = 1,

    /// <summary>The replica becomes a learner; a voter is demoted.</summary>
    AddLearner = 2,

    /// <summary>The replica leaves the group.</summary>
    Remove = 3,

    /// <summary>Nothing changes; the entry itself is the message.</summary>
    Update = 4,
}
