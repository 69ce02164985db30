namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="OutcomeResult"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class OutcomeResultConverter : IConverter<OutcomeResult, OutcomeResultSurrogate>
{
    public OutcomeResult ConvertFromSurrogate(in OutcomeResultSurrogate surrogate) =>
        new(surrogate.Status, surrogate.Result);

    public OutcomeResultSurrogate ConvertToSurrogate(in OutcomeResult value) => new()
    {
        Status = value.Status,
        Result = value.Result,
    };
}
