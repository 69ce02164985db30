namespace OrleansStore.Verification.Histories;

/// <summary>A transaction over keys of one bucket. Copies that were sent again under one request id are one operation, from the first begin to the last end.</summary>
/// <param name="Client">Who asked.</param>
/// <param name="Begin">When.</param>
/// <param name="End">When it was answered; null where it was not.</param>
/// <param name="Transaction">What was asked.</param>
/// <param name="Result">The answer; null where none came.</param>
public sealed record WriteOperation(int Client, TimeSpan Begin, TimeSpan? End, Transaction Transaction, WriteResult? Result) : ClientOperation(Client, Begin, End)
{
    /// <inheritdoc/>
    public override OperationFate Fate => End is null ? OperationFate.Unknown : Result?.Status switch
    {
        WriteStatus.Applied or WriteStatus.PreconditionFailed or WriteStatus.NotFound => OperationFate.Decided,

        // An expired id changed nothing now; whether an earlier copy did can no longer be told.
        null or WriteStatus.OutcomeUnknown or WriteStatus.RequestExpired => OperationFate.Unknown,
        _ => OperationFate.WithoutEffect,
    };
}
