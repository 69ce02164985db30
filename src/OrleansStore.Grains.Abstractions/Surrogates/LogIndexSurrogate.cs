namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>A log index in messages.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.index")]
internal struct LogIndexSurrogate
{
    [Id(0)]
    public ulong Value;
}
