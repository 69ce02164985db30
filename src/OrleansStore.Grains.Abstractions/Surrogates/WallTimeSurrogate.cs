namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>A wall-clock time in messages.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.wall-time")]
internal struct WallTimeSurrogate
{
    [Id(0)]
    public long UnixMilliseconds;
}
