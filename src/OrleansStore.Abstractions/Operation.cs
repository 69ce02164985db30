namespace OrleansStore;

/// <summary>One change of a <see cref="Transaction"/>. Immutable; created only by the factory methods, which validate.</summary>
public sealed class Operation
{
    private Operation(OperationKind kind, StoreKey key)
    {
        if (key.IsDefault)
        {
            throw new ArgumentException("An operation needs a key.", nameof(key));
        }

        Kind = kind;
        Key = key;
    }

    /// <summary>What is done.</summary>
    public OperationKind Kind { get; }

    /// <summary>To which key.</summary>
    public StoreKey Key { get; }

    /// <summary>The value of a put; empty for a delete.</summary>
    public ReadOnlyMemory<byte> Value { get; private init; }

    /// <summary>The content type of a put; the empty text where none was given.</summary>
    public string ContentType { get; private init; } = string.Empty;

    /// <summary>When the record of a put ends.</summary>
    public Expiry Expiry { get; private init; }

    /// <summary>The lease or intent that the record of a put belongs to; null for none.</summary>
    public RecordOwner? Owner { get; private init; }

    /// <summary>Bits that the store keeps with the record of a put and does not look at.</summary>
    public uint Flags { get; private init; }

    /// <summary>Creates or replaces a record.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">At most <see cref="StoreLimits.MaxValueBytes"/>. Not copied: nobody may change the bytes before the request is answered.</param>
    /// <param name="contentType">At most <see cref="StoreLimits.MaxContentTypeBytes"/> characters in [0x20, 0x7E]; null or empty for none.</param>
    /// <param name="expiry">When the record ends.</param>
    /// <param name="owner">The lease or intent it belongs to; null for none.</param>
    /// <param name="flags">Bits that the store keeps and does not look at.</param>
    /// <exception cref="ArgumentException">A parameter is out of its range.</exception>
    public static Operation Put(
        StoreKey key,
        ReadOnlyMemory<byte> value,
        string? contentType = null,
        Expiry expiry = default,
        RecordOwner? owner = null,
        uint flags = 0)
    {
        if (value.Length > StoreLimits.MaxValueBytes)
        {
            throw new ArgumentException($"The value has {value.Length} bytes; at most {StoreLimits.MaxValueBytes} are allowed.", nameof(value));
        }

        contentType ??= string.Empty;
        if (contentType.Length > StoreLimits.MaxContentTypeBytes || contentType.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException(
                $"A content type has at most {StoreLimits.MaxContentTypeBytes} characters of printable ASCII.", nameof(contentType));
        }

        if (owner is { IsValid: false })
        {
            throw new ArgumentException($"{owner.Value.Kind} is no kind of owner.", nameof(owner));
        }

        return new Operation(OperationKind.Put, key)
        {
            Value = value,
            ContentType = contentType,
            Expiry = expiry,
            Owner = owner,
            Flags = flags,
        };
    }

    /// <summary>Removes a record. Where there is none this is no failure: the operation's outcome says so.</summary>
    /// <exception cref="ArgumentException"><paramref name="key"/> is the default value.</exception>
    public static Operation Delete(StoreKey key) => new(OperationKind.Delete, key);
}
