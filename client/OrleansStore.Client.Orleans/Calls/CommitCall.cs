using OrleansStore.Client.Http.Identity;
using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Client.Orleans.Calls;

/// <summary>A write under one request id, which all of its copies carry.</summary>
internal sealed class CommitCall(IStoreRouter router, Transaction transaction, WriteTicket ticket) : GrainCall<WriteResult, WriteOutcome>
{
    protected override ValueTask<RouterAnswer<WriteResult>> SendAsync(TimeSpan timeout) => router.WriteAsync(transaction, ticket.Identity, timeout);

    // Deletes that found nothing are no failure: each operation's outcome says so.
    protected override Judgement<WriteOutcome> Judge(WriteResult answer, RouterAnswer<WriteResult> whole) => answer.Status switch
    {
        WriteStatus.Applied or WriteStatus.NotFound =>
            Judgement<WriteOutcome>.Decided(new WriteOutcome.Applied(ticket.Id, answer.Revision, answer.DurableCopies, answer.Operations)),
        WriteStatus.PreconditionFailed =>
            Judgement<WriteOutcome>.Decided(new WriteOutcome.PreconditionFailed(ticket.Id, answer.FailedGuard ?? (transaction.Guards.Length == 1 ? 0 : null))),
        WriteStatus.RequestExpired or WriteStatus.NeverApplied => Judgement<WriteOutcome>.Refused(ErrorCode.RequestExpired, "The request id can no longer be used."),
        WriteStatus.IdempotencyMismatch => Judgement<WriteOutcome>.Refused(ErrorCode.IdempotencyMismatch, "The request id was used for another request."),
        WriteStatus.Throttled => Judgement<WriteOutcome>.NotServed(ErrorCode.Throttled, "A bound was reached; nothing was proposed.", answer.RetryAfter),
        WriteStatus.DiskFull => Judgement<WriteOutcome>.NotServed(ErrorCode.DiskFull, "The disk reserve is used up; nothing was proposed.", answer.RetryAfter),
        WriteStatus.NotLeader or WriteStatus.Unavailable =>
            Judgement<WriteOutcome>.NotServed(ErrorCode.Unavailable, "The store cannot take this now; nothing was proposed.", answer.RetryAfter),
        _ => Judgement<WriteOutcome>.Lost(ErrorCode.OutcomeUnknown, "The request may or may not have taken effect."),
    };

    /// <remarks>A refusal binds the copy that got it; an earlier one that was lost may have been taken all the same. Not so for an id that belongs to another request: it belonged to that one
    /// before any copy of this could be taken.</remarks>
    protected override WriteOutcome GiveUp(bool mayBeUnderWay, StoreException fault) =>
        (mayBeUnderWay && fault.Code != ErrorCode.IdempotencyMismatch) || fault.Code == ErrorCode.OutcomeUnknown
            ? new WriteOutcome.Unknown(ticket.Id, fault)
            : throw fault;
}
