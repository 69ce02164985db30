namespace OrleansStore.Silo.Hosting;

/// <summary>What the end of the process says to those who started it. Others script against the values: append only.</summary>
internal enum ExitCode
{
    /// <summary>Stopped on request, everything in flight finished or was answered.</summary>
    Stopped = 0,

    /// <summary>The environment failed: a port is taken, the disk failed, or a fault of ours. A later start may succeed.</summary>
    Failed = 1,

    /// <summary>The settings are wrong, or contradict what the store was created with. No later start will succeed with them.</summary>
    BadSettings = 2,

    /// <summary>Another process holds the data folder.</summary>
    DataFolderInUse = 3,

    /// <summary>A file of the store is damaged.</summary>
    DamagedData = 4,
}
