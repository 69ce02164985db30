namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>What became of a write, in messages.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.outcome")]
internal struct OutcomeResultSurrogate
{
    [Id(0)]
    public OutcomeStatus Status;

    [Id(1)]
    public WriteResult? Result;
}
