namespace OrleansStore.Service.Replicas;

/// <summary>Where a bucket stands between storage and memory.</summary>
internal enum HostState
{
    /// <summary>Not in memory: it costs nothing.</summary>
    Inactive = 1,

    /// <summary>In line for activation, or being loaded.</summary>
    Activating = 2,

    /// <summary>In memory.</summary>
    Active = 3,

    /// <summary>It met damage or a bug: it neither votes nor serves until the process is restarted.</summary>
    Failed = 4,
}
