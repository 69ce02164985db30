namespace OrleansStore.Verification.Nemesis.Workload;

/// <summary>What a client of the workload does. The values stand in <see cref="OperationRecord"/>.</summary>
internal enum WorkKind : byte
{
    /// <summary>A linearizable read.</summary>
    Get = 1,

    /// <summary>A put without condition.</summary>
    Put = 2,

    /// <summary>A put if there is no record.</summary>
    PutIfAbsent = 3,

    /// <summary>A put if the record is at the revision that this client saw last.</summary>
    SwapRevision = 4,

    /// <summary>A put if the record has the value that this client saw last.</summary>
    SwapValue = 5,

    /// <summary>A delete without condition.</summary>
    Delete = 6,

    /// <summary>Two puts as one step.</summary>
    PutPair = 7,

    /// <summary>If the first record has the value that this client saw last: it is deleted, and the second one put.</summary>
    Move = 8,
}
