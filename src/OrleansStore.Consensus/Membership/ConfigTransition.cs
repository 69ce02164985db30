namespace OrleansStore.Consensus.Membership;

/// <summary>How a configuration change takes effect. The values stand in log entries: append only, 0 is never valid.</summary>
public enum ConfigTransition : byte
{
    /// <summary>One change: in one step. Several: through a joint configuration that the leader leaves by itself. None: leave the joint configuration.</summary>
    Auto = 1,

    /// <summary>Through a joint configuration that the leader leaves by itself.</summary>
    JointImplicit = 2,

    /// <summary>Through a joint configuration that a later change without members leaves.</summary>
    JointExplicit = 3,
}
