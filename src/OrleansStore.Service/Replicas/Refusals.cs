using OrleansStore.Buckets.Replicas;

namespace OrleansStore.Service.Replicas;

/// <summary>Answers that a host gives where there is no replica to give them: the request was not proposed.</summary>
internal static class Refusals
{
    public static BucketReply Unavailable(BucketRequest request) =>
        Create(request, WriteStatus.Unavailable, OutcomeStatus.Unavailable, ReadStatus.Unavailable);

    public static BucketReply Throttled(BucketRequest request) =>
        Create(request, WriteStatus.Throttled, OutcomeStatus.Throttled, ReadStatus.Throttled);

    /// <summary>What is said in place of an answer that only the holder of a claim may give: a read, or a precondition that failed, which is a read, too. Facts of the log stay:
    /// what was applied was committed, whoever says so.</summary>
    public static BucketReply Withhold(in BucketReply reply) => reply switch
    {
        { Read: { } } => reply with { Read = new ReadResult(ReadStatus.Unavailable, null, Revision.None, LogIndex.None) },
        { Page: { } } => reply with { Page = new ScanPage(ReadStatus.Unavailable, [], null, Revision.None, LogIndex.None) },
        { Write.Status: WriteStatus.PreconditionFailed } => reply with { Write = new WriteResult(WriteStatus.OutcomeUnknown, Revision.None) },
        _ => reply,
    };

    private static BucketReply Create(BucketRequest request, WriteStatus write, OutcomeStatus outcome, ReadStatus read) => request switch
    {
        WriteRequest => new BucketReply(0, Write: new WriteResult(write, Revision.None)),
        OutcomeRequest => new BucketReply(0, Outcome: new OutcomeResult(outcome)),
        ReadRequest => new BucketReply(0, Read: new ReadResult(read, null, Revision.None, LogIndex.None)),
        _ => new BucketReply(0, Page: new ScanPage(read, [], null, Revision.None, LogIndex.None)),
    };
}
