namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>A request id in messages, as its text; null for none.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.requestid")]
internal struct RequestIdSurrogate
{
    [Id(0)]
    public string? Text;
}
