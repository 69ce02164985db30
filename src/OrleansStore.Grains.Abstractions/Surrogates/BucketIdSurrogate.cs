namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>A bucket id in messages.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.bucketid")]
internal struct BucketIdSurrogate
{
    [Id(0)]
    public ulong Packed;
}
