namespace OrleansStore;

/// <summary>Asks for a page of records in key order. Immutable.</summary>
public sealed class ScanRequest
{
    /// <summary>The most records a page can hold.</summary>
    public const int MaxLimit = 1000;

    /// <summary>The most bytes a page can hold.</summary>
    public const int MaxPageBytes = 8 * 1024 * 1024;

    /// <summary>Creates a request.</summary>
    /// <param name="namespaceId">The namespace to look in.</param>
    /// <param name="prefix">Only keys that start with these bytes; empty for all. At most <see cref="StoreLimits.MaxKeyBytes"/>.</param>
    /// <param name="start">Only keys from here on, inclusive; empty for no bound. At most <see cref="StoreLimits.MaxKeyBytes"/>, and one byte more: what
    /// follows the longest key.</param>
    /// <param name="end">Only keys before this, exclusive; empty for no bound. Same length as <paramref name="start"/>.</param>
    /// <param name="limit">The most records, in [1, <see cref="MaxLimit"/>].</param>
    /// <param name="maxBytes">The most bytes of keys, content types and returned values, in [1, <see cref="MaxPageBytes"/>]. The first record is returned however large it is.</param>
    /// <param name="includeValues">Whether values are returned.</param>
    /// <param name="consistency">What the read may miss.</param>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    /// <remarks>The bytes are not copied: nobody may change them before the request is answered.</remarks>
    public ScanRequest(
        NamespaceId namespaceId,
        ReadOnlyMemory<byte> prefix = default,
        ReadOnlyMemory<byte> start = default,
        ReadOnlyMemory<byte> end = default,
        int limit = 100,
        int maxBytes = MaxPageBytes,
        bool includeValues = true,
        ReadConsistency consistency = ReadConsistency.Linearizable)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefix.Length, StoreLimits.MaxKeyBytes, nameof(prefix));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start.Length, StoreLimits.MaxKeyBytes + 1, nameof(start));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end.Length, StoreLimits.MaxKeyBytes + 1, nameof(end));
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxBytes, MaxPageBytes);
        if (consistency is not (ReadConsistency.Linearizable or ReadConsistency.Eventual))
        {
            throw new ArgumentOutOfRangeException(nameof(consistency), consistency, "Unknown consistency.");
        }

        Namespace = namespaceId;
        Prefix = prefix;
        Start = start;
        End = end;
        Limit = limit;
        MaxBytes = maxBytes;
        IncludeValues = includeValues;
        Consistency = consistency;
    }

    /// <summary>The namespace to look in.</summary>
    public NamespaceId Namespace { get; }

    /// <summary>Only keys that start with these bytes; empty for all.</summary>
    public ReadOnlyMemory<byte> Prefix { get; }

    /// <summary>Only keys from here on, inclusive; empty for no bound.</summary>
    public ReadOnlyMemory<byte> Start { get; }

    /// <summary>Only keys before this, exclusive; empty for no bound.</summary>
    public ReadOnlyMemory<byte> End { get; }

    /// <summary>The most records.</summary>
    public int Limit { get; }

    /// <summary>The most bytes of keys, content types and returned values.</summary>
    public int MaxBytes { get; }

    /// <summary>Whether values are returned.</summary>
    public bool IncludeValues { get; }

    /// <summary>What the read may miss.</summary>
    public ReadConsistency Consistency { get; }
}
