namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>An operation in messages.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.operation")]
internal struct OperationSurrogate
{
    [Id(0)]
    public OperationKind Kind;

    [Id(1)]
    public StoreKey Key;

    [Id(2)]
    public byte[] Value;

    [Id(3)]
    public string ContentType;

    [Id(4)]
    public ExpiryKind Expiry;

    [Id(5)]
    public long ExpiryMilliseconds;

    [Id(6)]
    public byte OwnerKind;

    [Id(7)]
    public UInt128 OwnerId;

    [Id(8)]
    public uint Flags;
}
