namespace OrleansStore.Verification.Nemesis.Faults;

/// <summary>What can be done to a cluster while its clients work.</summary>
public enum FaultKind
{
    /// <summary>One process ends by <c>kill -9</c> and is started again.</summary>
    Kill = 1,

    /// <summary>One process stands still (SIGSTOP) and goes on.</summary>
    Stop = 2,

    /// <summary>One datacenter is cut off: its connections are reset and new ones refused.</summary>
    Partition = 3,

    /// <summary>One datacenter is heard by nobody, or hears nobody; the other direction works and nothing is reset.</summary>
    OneWay = 4,

    /// <summary>The link of one pair carries nothing, without a reset; both still reach the third.</summary>
    Pair = 5,

    /// <summary>All links of one datacenter carry nothing, without a reset.</summary>
    Blackhole = 6,

    /// <summary>The links of one datacenter stop and go, a few hundred milliseconds each.</summary>
    Stall = 7,

    /// <summary>The disk of the last datacenter, the only one that is small, fills up to its last byte. If the process gives up, it is started again once there is room.</summary>
    DiskFull = 8,

    /// <summary>All processes end by <c>kill -9</c> at once and are started again.</summary>
    AllKilled = 9,
}
