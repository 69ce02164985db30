namespace OrleansStore.Storage;

/// <summary>What the room on the volume allows.</summary>
public enum DiskSpaceState
{
    /// <summary>Everything goes on.</summary>
    Ample = 1,

    /// <summary>Below the reserve: client writes are refused with <see cref="ErrorCode.DiskFull"/>; reads, deletes, snapshots and compaction go on.</summary>
    Low = 2,

    /// <summary>Below a quarter of the reserve: the log takes no entries at all, so that what frees space (hard states, compaction, copying forward) still fits.</summary>
    Critical = 3,
}
