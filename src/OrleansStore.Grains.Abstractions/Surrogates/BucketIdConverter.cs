namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="BucketId"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class BucketIdConverter : IConverter<BucketId, BucketIdSurrogate>
{
    public BucketId ConvertFromSurrogate(in BucketIdSurrogate surrogate) =>
        BucketId.TryUnpack(surrogate.Packed, out var id) ? id : throw new CorruptionException($"a message has the bucket id {surrogate.Packed:x}");

    public BucketIdSurrogate ConvertToSurrogate(in BucketId value) => new()
    {
        Packed = value.Packed,
    };
}
