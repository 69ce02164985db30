namespace OrleansStore.Simulation;

/// <summary>What can go wrong, besides what goes wrong all the time: loss, copies, delays and reordering of messages, slow disks, clocks that drift.</summary>
internal enum SimFaultKind
{
    /// <summary>A process dies, with more or less of what was not synced.</summary>
    Crash,

    /// <summary>All of them do, as when power fails everywhere.</summary>
    CrashAll,

    /// <summary>A process stands still, longer than leases and election timeouts.</summary>
    Pause,

    /// <summary>A process is stopped in good order and started again.</summary>
    Restart,

    /// <summary>A datacenter is cut off, in both directions or in one.</summary>
    Isolation,

    /// <summary>Two datacenters do not see each other; both see the others.</summary>
    BrokenPair,

    /// <summary>One direction between two datacenters is lost.</summary>
    OneWayCut,

    /// <summary>Links break one by one and heal in another order.</summary>
    Swizzle,

    /// <summary>A wall clock jumps, forwards or backwards.</summary>
    ClockJump,

    /// <summary>A disk answers nothing for seconds.</summary>
    DiskStall,

    /// <summary>A disk is full but for less than the reserve.</summary>
    DiskFull,

    /// <summary>A write or a sync fails; the machine is restarted later.</summary>
    DiskFailure,

    /// <summary>A folder is lost. The datacenter joins anew, as another incarnation.</summary>
    Wipe,

    /// <summary>A bit of an old log segment or of a snapshot flips, and the process is restarted. If the damage is found the folder is wiped. In some runs sectors, or all, of such a file are
    /// those of another one: a write went to the wrong place.</summary>
    BitFlip,
}
