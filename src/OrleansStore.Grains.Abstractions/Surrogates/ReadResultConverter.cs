namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="ReadResult"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class ReadResultConverter : IConverter<ReadResult, ReadResultSurrogate>
{
    public ReadResult ConvertFromSurrogate(in ReadResultSurrogate surrogate) =>
        new(surrogate.Status, surrogate.Record, new Revision(surrogate.Revision), new LogIndex(surrogate.AppliedIndex)) { RetryAfter = surrogate.RetryAfter };

    public ReadResultSurrogate ConvertToSurrogate(in ReadResult value) => new()
    {
        Status = value.Status,
        Record = value.Record,
        Revision = value.Revision.Value,
        AppliedIndex = value.AppliedIndex.Value,
        RetryAfter = value.RetryAfter,
    };
}
