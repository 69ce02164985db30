namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="WallTime"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class WallTimeConverter : IConverter<WallTime, WallTimeSurrogate>
{
    public WallTime ConvertFromSurrogate(in WallTimeSurrogate surrogate) =>
        new(surrogate.UnixMilliseconds);

    public WallTimeSurrogate ConvertToSurrogate(in WallTime value) => new()
    {
        UnixMilliseconds = value.UnixMilliseconds,
    };
}
