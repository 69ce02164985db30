namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="Operation"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class OperationConverter : IConverter<Operation, OperationSurrogate>
{
    public Operation ConvertFromSurrogate(in OperationSurrogate surrogate) =>
        surrogate.Kind switch
        {
            OperationKind.Put => Operation.Put(surrogate.Key, surrogate.Value, surrogate.ContentType, ExpiryOf(surrogate), OwnerOf(surrogate), surrogate.Flags),
            OperationKind.Delete => Operation.Delete(surrogate.Key),
            _ => throw new CorruptionException($"a message has an operation of kind {(byte)surrogate.Kind}"),
        };

    public OperationSurrogate ConvertToSurrogate(in Operation value) => new()
    {
        Kind = value.Kind,
        Key = value.Key,
        Value = value.Value.AsArray(),
        ContentType = value.ContentType,
        Expiry = value.Expiry.Kind,
        ExpiryMilliseconds = value.Expiry.Milliseconds,
        OwnerKind = (byte)(value.Owner?.Kind ?? 0),
        OwnerId = value.Owner?.Id ?? 0,
        Flags = value.Flags,
    };

    private static Expiry ExpiryOf(in OperationSurrogate surrogate) => surrogate.Expiry switch
    {
        ExpiryKind.After => Expiry.After(TimeSpan.FromMilliseconds(surrogate.ExpiryMilliseconds)),
        ExpiryKind.At => Expiry.At(new WallTime(surrogate.ExpiryMilliseconds)),
        _ => Expiry.Never,
    };

    private static RecordOwner? OwnerOf(in OperationSurrogate surrogate) =>
        surrogate.OwnerKind == 0 ? null : new RecordOwner((RecordOwnerKind)surrogate.OwnerKind, surrogate.OwnerId);
}
