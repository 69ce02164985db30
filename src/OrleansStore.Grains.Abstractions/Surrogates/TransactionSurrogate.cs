namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>A transaction in messages.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.transaction")]
internal struct TransactionSurrogate
{
    [Id(0)]
    public Guard[] Guards;

    [Id(1)]
    public Operation[] Operations;
}
