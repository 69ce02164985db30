namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="ScanRequest"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class ScanRequestConverter : IConverter<ScanRequest, ScanRequestSurrogate>
{
    public ScanRequest ConvertFromSurrogate(in ScanRequestSurrogate surrogate) =>
        new(
            new NamespaceId(surrogate.Namespace),
            surrogate.Prefix,
            surrogate.Start,
            surrogate.End,
            surrogate.Limit,
            surrogate.MaxBytes,
            surrogate.IncludeValues,
            surrogate.Consistency);

    public ScanRequestSurrogate ConvertToSurrogate(in ScanRequest value) => new()
    {
        Namespace = value.Namespace.Value,
        Prefix = value.Prefix.AsArray(),
        Start = value.Start.AsArray(),
        End = value.End.AsArray(),
        Limit = value.Limit,
        MaxBytes = value.MaxBytes,
        IncludeValues = value.IncludeValues,
        Consistency = value.Consistency,
    };
}
