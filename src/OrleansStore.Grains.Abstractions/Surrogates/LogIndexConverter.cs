namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="LogIndex"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class LogIndexConverter : IConverter<LogIndex, LogIndexSurrogate>
{
    public LogIndex ConvertFromSurrogate(in LogIndexSurrogate surrogate) =>
        new(surrogate.Value);

    public LogIndexSurrogate ConvertToSurrogate(in LogIndex value) => new()
    {
        Value = value.Value,
    };
}
