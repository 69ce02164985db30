namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>A key in messages.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.key")]
internal struct StoreKeySurrogate
{
    [Id(0)]
    public uint Namespace;

    [Id(1)]
    public byte[]? Bytes;
}
