namespace OrleansStore;

/// <summary>What became of one operation of an applied transaction. The values stand in logs and on the wire: append only, 0 is never valid.</summary>
public enum OperationOutcome : byte
{
    /// <summary>A put made a record where there was none.</summary>
    Created = 1,

    /// <summary>A put took the place of a record.</summary>
    Replaced = 2,

    /// <summary>A delete removed a record.</summary>
    Deleted = 3,

    /// <summary>A delete found no record and changed nothing.</summary>
    Missing = 4,
}
