using OrleansStore.Client.Http.Answers;
using OrleansStore.Client.Http.Endpoints;
using OrleansStore.Client.Http.Identity;

namespace OrleansStore.Client.Http.Requests;

/// <summary>A write under one request id, which all of its copies carry.</summary>
/// <param name="ticket">The id.</param>
/// <param name="guards">How many guards it has.</param>
/// <param name="maxAnswerBytes">The most bytes of an answer that are taken.</param>
internal abstract class WriteCall(WriteTicket ticket, int guards, int maxAnswerBytes) : StoreCall<WriteOutcome>(maxAnswerBytes)
{
    protected RequestId Id => ticket.Id;

    public sealed override HttpRequestMessage CreateCopy(Endpoint endpoint)
    {
        var copy = CreateUnnamedCopy(endpoint);
        ticket.Name(copy);
        return copy;
    }

    /// <remarks>
    /// A refusal binds the copy that got it. Where an earlier one was lost, that may have been taken all the same (by a datacenter with other settings, say), so the write is unknown. Not
    /// so for an id that belongs to another request: it belonged to that one before any copy of this could be taken.
    /// </remarks>
    public sealed override WriteOutcome GiveUp(bool mayBeUnderWay, StoreException fault) =>
        (mayBeUnderWay && fault.Code != ErrorCode.IdempotencyMismatch) || fault.Code == ErrorCode.OutcomeUnknown
            ? new WriteOutcome.Unknown(Id, fault)
            : throw fault;

    protected abstract HttpRequestMessage CreateUnnamedCopy(Endpoint endpoint);

    // The rejection of a write with an id of its sender is always decided in the bucket's log, where it binds all copies of it.
    protected sealed override bool TryAnswer(Problem problem, out WriteOutcome? answer)
    {
        answer = problem.Code == ErrorCode.PreconditionFailed
            ? new WriteOutcome.PreconditionFailed(Id, problem.FailedGuard ?? (guards == 1 ? 0 : null))
            : null;
        return answer is not null;
    }
}
