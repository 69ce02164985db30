namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>A request identity in messages.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.requestidentity")]
internal struct RequestIdentitySurrogate
{
    [Id(0)]
    public RequestId RequestId;

    [Id(1)]
    public ulong AnsweredUpTo;
}
