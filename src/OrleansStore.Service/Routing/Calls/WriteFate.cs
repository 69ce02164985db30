using OrleansStore.Buckets.Replicas;
using OrleansStore.Service.Routing.Sessions;

namespace OrleansStore.Service.Routing.Calls;

/// <summary>The fate of a write under one request id.</summary>
internal sealed class WriteFate : RequestFate<WriteResult>
{
    private readonly Transaction _transaction;
    private readonly RequestIdentity _callers;
    private readonly WriteTicket? _ticket;

    /// <summary>A write under an id of the caller's, who may send copies of it over other datacenters, too.</summary>
    public WriteFate(Transaction transaction, RequestIdentity callers, RouterOptions options)
        : base(options) => (_transaction, _callers) = (transaction, callers);

    /// <summary>A write under an id that this router has chosen.</summary>
    public WriteFate(Transaction transaction, WriteTicket ticket, RouterOptions options)
        : base(options) => (_transaction, _ticket) = (transaction, ticket);

    /// <summary>Whether the answer holds for the copy that got it only, while an earlier copy may still take effect.</summary>
    /// <remarks>
    /// A leader may find a guard false without the log, and then nobody remembers the rejection: (1) a copy is lost on its way to a replica; (2) the leader
    /// rejects the next copy; (3) the lost one arrives and finds the guard true. Only an answer with durable copies comes through the log; one without may be
    /// remembered, but does not say so. Requests under a caller's id are never rejected without the log.
    /// </remarks>
    public bool IsAnswerUncertain => MayBeUnderWay && _ticket is not null && Answer is { Status: WriteStatus.PreconditionFailed, DurableCopies: 0 };

    /// <summary>Whether no copy under this id has taken effect, or ever will, though the write itself was not decided: it may be tried under another id.</summary>
    /// <remarks>Said of ids that the router chose only: what a caller's own id means is for the caller to know.</remarks>
    public bool IsIdSpent =>

        // Somebody settled that this id never happens, which binds all copies; or the session has ended. The latter says nothing of earlier copies,
        // and where one may be under way it is not the answer.
        _ticket is not null && Answer is { Status: WriteStatus.NeverApplied or WriteStatus.RequestExpired };

    public override BucketRequest CreateCopy(MonotonicTime deadline) =>
        new WriteRequest(_ticket?.Identity ?? _callers, _transaction, deadline, RemembersRejection: _ticket is null);

    protected override AttemptVerdict JudgeReply(in BucketReply reply) => reply.Write is not { } write ? AttemptVerdict.Lost : write.Status switch
    {
        WriteStatus.Applied or WriteStatus.NotFound or WriteStatus.PreconditionFailed => Settle(write),
        WriteStatus.IdempotencyMismatch or WriteStatus.NeverApplied => Settle(write),

        // This copy came too late; what became of an earlier one can no longer be told.
        WriteStatus.RequestExpired => Settle(MayBeUnderWay ? Unknown : write),
        WriteStatus.NotLeader => AttemptVerdict.NotLeader,
        WriteStatus.Unavailable => AttemptVerdict.NotServed,
        WriteStatus.Throttled => Throttle(write.RetryAfter),

        // The refusal is for this copy. The answer of an earlier one, if it was proposed, is found even while the disk is full.
        WriteStatus.DiskFull => MayBeUnderWay ? Throttle(write.RetryAfter) : Settle(write),
        _ => AttemptVerdict.Lost,
    };

    protected override WriteResult GiveUp(bool wasThrottled, TimeSpan retryAfter) => MayBeUnderWay
        ? Unknown
        : new WriteResult(wasThrottled ? WriteStatus.Throttled : WriteStatus.Unavailable, Revision.None) { RetryAfter = retryAfter };

    private static WriteResult Unknown => new(WriteStatus.OutcomeUnknown, Revision.None);
}
