namespace OrleansStore.Storage;

/// <summary>Whether an append was taken into the queue of the log.</summary>
public enum AppendStatus
{
    /// <summary>It is queued; exactly one completion follows.</summary>
    Queued = 1,

    /// <summary>The queue is full. Nothing was queued; <see cref="ILogCompletions.OnCapacity"/> tells when to try again.</summary>
    Throttled = 2,

    /// <summary>The disk is nearly full, well below the reserve, and the append carries entries. Nothing was queued; appends without entries are still taken.</summary>
    DiskFull = 3,

    /// <summary>A newer writer of this replica was opened, or this one was closed. Nothing was queued; this activation must stop.</summary>
    Fenced = 4,

    /// <summary>The storage failed or was closed. Nothing was queued and nothing will be; see <see cref="IReplicaStorage.Failure"/>.</summary>
    Failed = 5,
}
