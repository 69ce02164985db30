namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="StoreKey"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class StoreKeyConverter : IConverter<StoreKey, StoreKeySurrogate>
{
    public StoreKey ConvertFromSurrogate(in StoreKeySurrogate surrogate) =>
        surrogate.Bytes is { } bytes ? new StoreKey(new NamespaceId(surrogate.Namespace), bytes) : default;

    public StoreKeySurrogate ConvertToSurrogate(in StoreKey value) => new()
    {
        Namespace = value.Namespace.Value,
        Bytes = value.IsDefault ? null : value.Bytes.AsArray(),
    };
}
