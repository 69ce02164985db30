namespace OrleansStore;

/// <summary>Bounds of requests. They stand in the wire and log formats: a decoder refuses what exceeds them, so they may be raised (with a feature level) but not lowered.</summary>
public static class StoreLimits
{
    /// <summary>The longest key, without its namespace, in bytes; the shortest is 1.</summary>
    public const int MaxKeyBytes = 1024;

    /// <summary>The longest value that a store accepts unless it is configured otherwise, in bytes.</summary>
    public const int DefaultMaxValueBytes = 1024 * 1024;

    /// <summary>The longest value that a store can be configured to accept, in bytes.</summary>
    public const int MaxValueBytes = 2 * 1024 * 1024;

    /// <summary>The longest content type, in bytes of printable ASCII.</summary>
    public const int MaxContentTypeBytes = 255;

    /// <summary>The most guards in one transaction.</summary>
    public const int MaxGuards = 128;

    /// <summary>The most revisions that one guard may list.</summary>
    public const int MaxGuardRevisions = 128;

    /// <summary>The most operations in one transaction.</summary>
    public const int MaxOperations = 128;

    /// <summary>The most bytes that keys, values and content types of one transaction may have together. With everything around them a transaction then fits into one
    /// payload between datacenters: a longer one would be in the leader's log and could reach no follower.</summary>
    public const int MaxTransactionBytes = MaxValueBytes + (1024 * 1024);

    /// <summary>The longest time to live of a record: 100 years of 365 days.</summary>
    public static readonly TimeSpan MaxTimeToLive = TimeSpan.FromDays(36_500);
}
