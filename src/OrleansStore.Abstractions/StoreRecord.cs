namespace OrleansStore;

/// <summary>A record as a reader sees it. Immutable.</summary>
public sealed record StoreRecord
{
    /// <summary>The key.</summary>
    public required StoreKey Key { get; init; }

    /// <summary>The value; empty where the reader asked for none.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>The length of the value in bytes, whether or not <see cref="Value"/> holds it.</summary>
    public required int ValueBytes { get; init; }

    /// <summary>The content type; the empty text for none.</summary>
    public string ContentType { get; init; } = string.Empty;

    /// <summary>The revision that made the record; a replacing put keeps it.</summary>
    public required Revision CreateRevision { get; init; }

    /// <summary>The revision that last changed the record: its ETag.</summary>
    public required Revision ModifyRevision { get; init; }

    /// <summary>How often the record was put since it was made, from 1.</summary>
    public required ulong Version { get; init; }

    /// <summary>When the record ends; null if it does not end by itself.</summary>
    public WallTime? ExpiresAt { get; init; }

    /// <summary>The lease or intent it belongs to; null for none.</summary>
    public RecordOwner? Owner { get; init; }

    /// <summary>Bits that a put gave and the store does not look at.</summary>
    public uint Flags { get; init; }
}
