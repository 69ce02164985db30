using OrleansStore.Buckets.Replicas;
using OrleansStore.Service.Engine;

namespace OrleansStore.Service.Tests.Routing;

/// <summary>A copy of a request that a router sent.</summary>
internal sealed record SentCopy(
    MonotonicTime At, DatacenterId Target, DatacenterId Relay, BucketId Bucket, BucketRequest Request, CancellationToken Token)
{
    public RequestId Id => ((WriteRequest)Request).Identity.Id;

    public RequestIdentity Identity => ((WriteRequest)Request).Identity;

    public static CallResult NotSent => new(CallStatus.NotSent);

    public static CallResult Lost => new(CallStatus.Lost);

    /// <summary>The answer to this request that has a status of that name.</summary>
    public CallResult Answer(string status, int leader = 0, TimeSpan? retryAfter = null, int copies = 0)
    {
        var hint = leader == 0 ? ReplicaId.None : ReplicaId.Create((ushort)leader, 1);
        return new CallResult(CallStatus.Answered, Request switch
        {
            WriteRequest => new BucketReply(
                0, Write: new WriteResult(Enum.Parse<WriteStatus>(status), new Revision(7)) { RetryAfter = retryAfter, DurableCopies = copies }, Leader: hint),
            OutcomeRequest => new BucketReply(0, Outcome: new OutcomeResult(Enum.Parse<OutcomeStatus>(status)), Leader: hint),
            ReadRequest => new BucketReply(
                0, Read: new ReadResult(Enum.Parse<ReadStatus>(status), null, new Revision(7), new LogIndex(9)) { RetryAfter = retryAfter }, Leader: hint),
            _ => new BucketReply(
                0, Page: new ScanPage(Enum.Parse<ReadStatus>(status), [], null, new Revision(7), new LogIndex(9)) { RetryAfter = retryAfter }, Leader: hint),
        });
    }
}
