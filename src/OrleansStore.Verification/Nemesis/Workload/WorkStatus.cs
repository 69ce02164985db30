namespace OrleansStore.Verification.Nemesis.Workload;

/// <summary>How an operation of the workload ended.</summary>
internal enum WorkStatus : byte
{
    /// <summary>A write that may or may not take effect.</summary>
    Unknown = 1,

    /// <summary>A write that took effect.</summary>
    Applied = 2,

    /// <summary>A write whose guard did not hold.</summary>
    Rejected = 3,

    /// <summary>A delete that found nothing.</summary>
    Missing = 4,

    /// <summary>A read that found a record.</summary>
    Found = 5,

    /// <summary>A read that found none.</summary>
    NotFound = 6,

    /// <summary>It failed for certain: nothing was changed, nothing is known.</summary>
    Failed = 7,
}
