namespace OrleansStore.Consensus.Membership;

/// <summary>Why a configuration change does not fit the configuration it is applied to.</summary>
public enum ConfigChangeError
{
    /// <summary>It fits.</summary>
    None = 0,

    /// <summary>A joint configuration cannot be entered from a joint one.</summary>
    AlreadyJoint = 1,

    /// <summary>There is no joint configuration to leave.</summary>
    NotJoint = 2,

    /// <summary>A group without voters cannot agree on anything, so it cannot enter a joint configuration.</summary>
    ZeroVoters = 3,

    /// <summary>The change would leave no voter.</summary>
    RemovedAllVoters = 4,

    /// <summary>Without a joint configuration only one voter may change at a time (Raft thesis, section 4.1).</summary>
    MoreThanOneVoterChanged = 5,

    /// <summary>A joint configuration must be left before anything else changes.</summary>
    SimpleWhileJoint = 6,
}
