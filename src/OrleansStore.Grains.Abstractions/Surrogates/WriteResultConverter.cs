namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="WriteResult"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class WriteResultConverter : IConverter<WriteResult, WriteResultSurrogate>
{
    public WriteResult ConvertFromSurrogate(in WriteResultSurrogate surrogate) =>
        new(surrogate.Status, new Revision(surrogate.Revision))
        {
            FailedGuard = surrogate.FailedGuard,
            Operations = [.. surrogate.Operations],
            DurableCopies = surrogate.DurableCopies,
            RetryAfter = surrogate.RetryAfter,
        };

    public WriteResultSurrogate ConvertToSurrogate(in WriteResult value) => new()
    {
        Status = value.Status,
        Revision = value.Revision.Value,
        FailedGuard = value.FailedGuard,
        Operations = [.. value.Operations],
        DurableCopies = value.DurableCopies,
        RetryAfter = value.RetryAfter,
    };
}
