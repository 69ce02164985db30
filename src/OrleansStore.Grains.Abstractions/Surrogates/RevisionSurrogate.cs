namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>A revision in messages.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.revision")]
internal struct RevisionSurrogate
{
    [Id(0)]
    public ulong Value;
}
