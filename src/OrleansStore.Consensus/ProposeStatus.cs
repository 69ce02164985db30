namespace OrleansStore.Consensus;

/// <summary>What became of a proposal.</summary>
public enum ProposeStatus
{
    /// <summary>It is in the leader's log. It will be applied, unless another leader overwrites it.</summary>
    Appended = 1,

    /// <summary>It was sent to the leader; its fate is not known here.</summary>
    Forwarded = 2,

    /// <summary>It went nowhere: no leader is known, or forwarding is switched off.</summary>
    NotLeader = 3,

    /// <summary>It went nowhere: leadership is being transferred.</summary>
    TransferInProgress = 4,

    /// <summary>It went nowhere: too many bytes of proposals wait to be applied.</summary>
    Throttled = 5,

    /// <summary>It went nowhere: this leader is no member any more.</summary>
    NotMember = 6,

    /// <summary>The configuration change does not fit: an empty entry stands in its place.</summary>
    ConfigChangeRefused = 7,
}
