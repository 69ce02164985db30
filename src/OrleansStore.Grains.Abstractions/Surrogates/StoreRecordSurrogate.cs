namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>A record in messages.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.record")]
internal struct StoreRecordSurrogate
{
    [Id(0)]
    public StoreKey Key;

    [Id(1)]
    public byte[] Value;

    [Id(2)]
    public int ValueBytes;

    [Id(3)]
    public string ContentType;

    [Id(4)]
    public ulong CreateRevision;

    [Id(5)]
    public ulong ModifyRevision;

    [Id(6)]
    public ulong Version;

    [Id(7)]
    public long? ExpiresAt;

    [Id(8)]
    public byte OwnerKind;

    [Id(9)]
    public UInt128 OwnerId;

    [Id(10)]
    public uint Flags;
}
