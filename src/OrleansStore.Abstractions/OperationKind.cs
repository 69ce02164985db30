namespace OrleansStore;

/// <summary>What an <see cref="Operation"/> does. The values stand in logs and on the wire: append only, 0 is never valid.</summary>
public enum OperationKind : byte
{
    /// <summary>Creates or replaces a record as a whole: what the put does not name (expiry, owner, flags) is gone afterwards.</summary>
    Put = 1,

    /// <summary>Removes a record.</summary>
    Delete = 2,
}
