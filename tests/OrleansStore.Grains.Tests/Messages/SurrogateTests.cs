using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Grains.Tests.Messages;

/// <summary>What goes through a message comes out as it went in.</summary>
[Trait("Category", "Unit")]
public sealed class SurrogateTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private static StoreKey Key => new(NamespaceId.System, new byte[] { 0, 255, 7 });

    [Fact]
    public void Transaction_KeepsGuardsAndOperations()
    {
        var lease = new RecordOwner(RecordOwnerKind.Lease, UInt128.MaxValue - 5);
        var sent = new Transaction(
            [
                Guard.Exists(Key), Guard.NotExists(Key), Guard.RevisionIn(Key, new Revision(1), new Revision(2)), Guard.RevisionNotIn(Key, new Revision(3)),
                Guard.ValueEquals(Key, new byte[] { 9 }),
            ],
            [
                Operation.Put(Key, new byte[] { 1, 2 }, "text/plain", Expiry.After(TimeSpan.FromSeconds(3)), lease, flags: 7),
                Operation.Put(StoreKey.FromText("b"), default, expiry: Expiry.At(new WallTime(5))),
                Operation.Delete(StoreKey.FromText("c")),
            ],
            StoreLimits.MaxValueBytes);

        var received = RoundTrip(sent);

        Assert.Equal(sent.Guards.Select(Describe), received.Guards.Select(Describe));
        Assert.Equal(sent.Operations.Select(Describe), received.Operations.Select(Describe));
    }

    [Fact]
    public void ReadAnswer_KeepsTheRecord()
    {
        var record = new StoreRecord
        {
            Key = Key,
            Value = new byte[] { 4, 5 },
            ValueBytes = 2,
            ContentType = "a/b",
            CreateRevision = new Revision(1),
            ModifyRevision = new Revision(ulong.MaxValue),
            Version = 3,
            ExpiresAt = new WallTime(77),
            Owner = new RecordOwner(RecordOwnerKind.Intent, 5),
            Flags = uint.MaxValue,
        };
        var sent = new RouterAnswer<ReadResult>
        {
            Result = new ReadResult(ReadStatus.Found, record, new Revision(8), new LogIndex(9)) { RetryAfter = TimeSpan.FromSeconds(1) },
            Bucket = new BucketId(12, 3),
            RequestId = RequestId.ForKey("k"),
        };

        var received = RoundTrip(sent);

        Assert.Equal((sent.Bucket, sent.RequestId, sent.Refusal), (received.Bucket, received.RequestId, received.Refusal));
        Assert.Equal(record.Value.ToArray(), received.Result!.Record!.Value.ToArray());
        Assert.Equal(record with { Value = default }, received.Result.Record with { Value = default });
        Assert.Equal(sent.Result with { Record = null }, received.Result with { Record = null });
    }

    [Fact]
    public void OutcomeAnswer_KeepsTheResult()
    {
        var result = new WriteResult(WriteStatus.PreconditionFailed, new Revision(2)) { FailedGuard = 1, Operations = [OperationOutcome.Missing], DurableCopies = 3, RetryAfter = TimeSpan.FromTicks(5) };

        var received = RoundTrip(new RouterAnswer<OutcomeResult> { Result = new OutcomeResult(OutcomeStatus.Rejected, result) });

        Assert.Equal(new OutcomeResult(OutcomeStatus.Rejected, result), received.Result);
    }

    [Fact]
    public void Refusal_KeepsItsReason()
    {
        var received = RoundTrip(new RouterAnswer<ScanAnswer> { Refusal = ErrorCode.Forbidden, Detail = "no" });

        Assert.Equal((ErrorCode.Forbidden, "no"), (received.Refusal, received.Detail));
        Assert.Null(received.Result);
    }

    [Fact]
    public void Ids_KeepTheirValues()
    {
        var session = SessionId.Create(new WallTime(1), 2, 3);

        Assert.Equal(RequestId.None, RoundTrip(RequestId.None));
        Assert.Equal(RequestId.ForSession(session, 9), RoundTrip(RequestId.ForSession(session, 9)));
        Assert.Equal(default, RoundTrip(default(RequestIdentity)));
        Assert.Equal(new RequestIdentity(RequestId.ForSession(session, 9), 7), RoundTrip(new RequestIdentity(RequestId.ForSession(session, 9), 7)));
        Assert.True(RoundTrip(default(StoreKey)).IsDefault);
        Assert.Equal(Key, RoundTrip(Key));
        Assert.Equal(new StreamId(UInt128.MaxValue), RoundTrip(new StreamId(UInt128.MaxValue)));
    }

    public void Dispose() => _services.Dispose();

    private static string Describe(Guard guard) => $"{guard.Kind} {guard.Key} {string.Join(',', guard.Revisions)} {Convert.ToHexString(guard.Value.Span)}";

    private static string Describe(Operation operation) =>
        $"{operation.Kind} {operation.Key} {Convert.ToHexString(operation.Value.Span)} {operation.ContentType} {operation.Expiry} {operation.Owner} {operation.Flags}";

    private T RoundTrip<T>(T value)
    {
        var serializer = _services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(value))!;
    }
}
