namespace OrleansStore.Consensus;

/// <summary>What became of a message.</summary>
public enum StepStatus
{
    /// <summary>It was taken in. That includes messages that are old and therefore without effect.</summary>
    Accepted = 1,

    /// <summary>It is an answer of a replica that is no member, and was dropped.</summary>
    UnknownPeer = 2,

    /// <summary>It carries proposals that went nowhere.</summary>
    ProposalDropped = 3,
}
