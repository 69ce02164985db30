namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>A guard in messages.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.guard")]
internal struct GuardSurrogate
{
    [Id(0)]
    public GuardKind Kind;

    [Id(1)]
    public StoreKey Key;

    [Id(2)]
    public ulong[] Revisions;

    [Id(3)]
    public byte[] Value;
}
