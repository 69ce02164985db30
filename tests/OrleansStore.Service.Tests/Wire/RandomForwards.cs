using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Claims;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Wire;

namespace OrleansStore.Service.Tests.Wire;

/// <summary>Random forwarded requests and replies of every shape that the types allow.</summary>
internal static class RandomForwards
{
    public static readonly MonotonicTime Now = new(987_654_321_000_000);

    public static ForwardedRequest Request(WireRandom random)
    {
        var deadline = Now + TimeSpan.FromMilliseconds(random.Number(max: 600_000));
        BucketRequest request = random.Below(4) switch
        {
            0 => new WriteRequest(Identity(random, allowNone: true), Transaction(random), deadline, random.Chance(50)),
            1 => new OutcomeRequest(Identity(random, allowNone: false).Id, random.Chance(50) ? Time(random, 0) : null, deadline),
            2 => new ReadRequest(Key(random), Consistency(random), deadline),
            _ => new PageRequest(Scan(random), deadline),
        };
        return new ForwardedRequest(RandomMessages.Bucket(random), RandomMessages.Epoch(random), random.Number(), request, Principal(random))
        {
            Trace = random.Chance(50) ? Trace(random) : null,
            Destination = new DatacenterId(random.Chance(30) ? (ushort)(1 + random.Below(ushort.MaxValue)) : (ushort)0),
        };
    }

    public static ForwardedReply Reply(WireRandom random)
    {
        var leader = random.Chance(30) ? RandomMessages.Replica(random) : ReplicaId.None;
        var result = random.Below(7) switch
        {
            0 => new CallResult(CallStatus.NotSent),
            1 => new CallResult(CallStatus.Lost),
            2 => new CallResult(CallStatus.Answered, new BucketReply(0, Outcome: Outcome(random), Leader: leader)),
            3 => new CallResult(CallStatus.Answered, new BucketReply(0, Read: Read(random), Leader: leader)),
            4 => new CallResult(CallStatus.Answered, new BucketReply(0, Page: Page(random), Leader: leader)),
            _ => new CallResult(CallStatus.Answered, new BucketReply(0, Write: Write(random), Leader: leader)),
        };
        return new ForwardedReply(RandomMessages.Bucket(random), RandomMessages.Epoch(random), random.Number(), result);
    }

    public static Transaction Transaction(WireRandom random)
    {
        var guards = ImmutableArray.CreateBuilder<Guard>();
        for (var count = random.Below(4); count > 0; count--)
        {
            var revisions = new Revision[1 + random.Below(4)];
            foreach (ref var revision in revisions.AsSpan())
            {
                revision = new Revision(random.Number());
            }

            guards.Add(random.Below(5) switch
            {
                0 => Guard.Exists(Key(random)),
                1 => Guard.NotExists(Key(random)),
                2 => Guard.RevisionIn(Key(random), revisions),
                3 => Guard.RevisionNotIn(Key(random), revisions),
                _ => Guard.ValueEquals(Key(random), random.Bytes(0, 100)),
            });
        }

        var operations = ImmutableArray.CreateBuilder<Operation>();
        for (var count = random.Below(4) + (guards.Count == 0 ? 1 : 0); count > 0; count--)
        {
            // The position makes the keys of the operations distinct.
            var key = new StoreKey(new NamespaceId((uint)random.Number(max: uint.MaxValue)), (byte[])[(byte)count, .. random.Bytes(0, 100)]);
            operations.Add(random.Chance(30) ? Operation.Delete(key) : Operation.Put(
                key, random.Bytes(0, 2000), random.Ascii(0, 20), Expiry(random), Owner(random), (uint)random.Number(max: uint.MaxValue)));
        }

        return new Transaction(guards.ToImmutable(), operations.ToImmutable());
    }

    public static StoreRecord Record(WireRandom random, StoreKey key, bool withValue)
    {
        var value = random.Bytes(withValue ? 0 : 1, 2000);
        var create = random.Number(min: 1);
        return new StoreRecord
        {
            Key = key,
            Value = withValue ? value : default,
            ValueBytes = value.Length,
            ContentType = random.Ascii(0, random.Chance(5) ? StoreLimits.MaxContentTypeBytes : 20),
            CreateRevision = new Revision(create),
            ModifyRevision = new Revision(random.Number(min: create)),
            Version = random.Number(min: 1),
            ExpiresAt = random.Chance(30) ? Time(random, 1) : null,
            Owner = Owner(random),
            Flags = (uint)random.Number(max: uint.MaxValue),
        };
    }

    public static StoreKey Key(WireRandom random) =>
        new(new NamespaceId((uint)random.Number(max: uint.MaxValue)), random.Bytes(1, random.Chance(5) ? StoreLimits.MaxKeyBytes : 20));

    private static WriteResult Write(WireRandom random, params ReadOnlySpan<WriteStatus> statuses)
    {
        var status = statuses.IsEmpty ? (WriteStatus)(1 + random.Below((int)WriteStatus.DiskFull)) : random.Pick(statuses);
        var outcomes = new OperationOutcome[status is WriteStatus.Applied or WriteStatus.NotFound ? random.Pick(0, 1, 5, StoreLimits.MaxOperations) : 0];
        foreach (ref var outcome in outcomes.AsSpan())
        {
            outcome = (OperationOutcome)(1 + random.Below(4));
        }

        return new WriteResult(status, new Revision(random.Number()))
        {
            FailedGuard = status == WriteStatus.PreconditionFailed ? random.Below(StoreLimits.MaxGuards) : null,
            Operations = [.. outcomes],
            DurableCopies = (int)random.Number(max: ushort.MaxValue),
            RetryAfter = Advice(random),
        };
    }

    private static OutcomeResult Outcome(WireRandom random)
    {
        var status = (OutcomeStatus)(1 + random.Below((int)OutcomeStatus.Unknown));
        return new OutcomeResult(status, status switch
        {
            OutcomeStatus.Applied => Write(random, WriteStatus.Applied),
            OutcomeStatus.Rejected => Write(random, WriteStatus.PreconditionFailed, WriteStatus.NotFound),
            _ => null,
        });
    }

    private static ReadResult Read(WireRandom random)
    {
        var status = (ReadStatus)(1 + random.Below((int)ReadStatus.Throttled));
        var record = status == ReadStatus.Found ? Record(random, Key(random), random.Chance(80)) : null;
        return new ReadResult(status, record, new Revision(random.Number()), new LogIndex(random.Number())) { RetryAfter = Advice(random) };
    }

    private static ScanPage Page(WireRandom random)
    {
        var status = random.Chance(70) ? ReadStatus.Found : (ReadStatus)(2 + random.Below(4));
        var records = ImmutableArray.CreateBuilder<StoreRecord>();
        ReadOnlyMemory<byte>? next = null;
        if (status == ReadStatus.Found)
        {
            var space = new NamespaceId((uint)random.Number(max: uint.MaxValue));
            for (var i = random.Below(6); i > 0; i--)
            {
                records.Add(Record(random, new StoreKey(space, (byte[])[(byte)records.Count, .. random.Bytes(0, 30)]), random.Chance(50)));
            }

            next = random.Chance(50) ? (byte[])[(byte)records.Count, .. random.Bytes(0, StoreLimits.MaxKeyBytes)] : default(ReadOnlyMemory<byte>?);
        }

        return new ScanPage(status, records.ToImmutable(), next, new Revision(random.Number()), new LogIndex(random.Number())) { RetryAfter = Advice(random) };
    }

    private static ScanRequest Scan(WireRandom random) => new(
        new NamespaceId((uint)random.Number(max: uint.MaxValue)),
        random.Bytes(0, StoreLimits.MaxKeyBytes),
        random.Bytes(0, StoreLimits.MaxKeyBytes + 1),
        random.Bytes(0, StoreLimits.MaxKeyBytes + 1),
        (int)random.Number(1, ScanRequest.MaxLimit),
        (int)random.Number(1, WireLimits.MaxPageBytes),
        random.Chance(50),
        Consistency(random));

    private static RequestIdentity Identity(WireRandom random, bool allowNone)
    {
        var form = random.Below(allowNone ? 3 : 2);
        if (form == 0)
        {
            return new RequestIdentity(RequestId.ForKey(random.Ascii(1, RequestId.MaxKeyLength)));
        }

        if (form == 2)
        {
            return default;
        }

        var sequence = random.Number(min: 1);
        var session = SessionId.Create(Time(random, 1), (ushort)random.Number(max: ushort.MaxValue), random.Number());
        return new RequestIdentity(RequestId.ForSession(session, sequence), random.Number(max: sequence - 1));
    }

    private static ClaimsPrincipal Principal(WireRandom random)
    {
        var name = random.Pick(null, "CN=dc1", "Zoë ✓ 😀", random.Ascii(1, 40), new string('é', WireLimits.MaxPrincipalNameBytes / 2));
        var type = random.Pick(null, "Certificate", random.Ascii(1, WireLimits.MaxAuthenticationTypeBytes));
        return new ClaimsPrincipal(new ClaimsIdentity(name is null ? [] : [new Claim(ClaimTypes.Name, name)], type));
    }

    private static ActivityContext Trace(WireRandom random)
    {
        byte[] trace = [1, .. random.Bytes(15)];
        byte[] span = [.. random.Bytes(7), 1];
        var flags = (ActivityTraceFlags)random.Below(256);
        return new ActivityContext(ActivityTraceId.CreateFromBytes(trace), ActivitySpanId.CreateFromBytes(span), flags, traceState: null, isRemote: true);
    }

    private static WallTime Time(WireRandom random, ulong min) => new((long)random.Number(min, WallTime.MaxUnixMilliseconds));

    private static ReadConsistency Consistency(WireRandom random) => random.Pick(ReadConsistency.Linearizable, ReadConsistency.Eventual);

    private static TimeSpan? Advice(WireRandom random) => random.Chance(50) ? TimeSpan.FromMilliseconds(random.Number(max: 3_600_000)) : null;

    private static Expiry Expiry(WireRandom random) => random.Below(3) switch
    {
        0 => OrleansStore.Expiry.Never,
        1 => OrleansStore.Expiry.After(TimeSpan.FromMilliseconds(random.Number(1, 1_000_000_000))),
        _ => OrleansStore.Expiry.At(Time(random, 1)),
    };

    private static RecordOwner? Owner(WireRandom random) => random.Chance(70)
        ? null
        : new RecordOwner(random.Pick(RecordOwnerKind.Lease, RecordOwnerKind.Intent), new UInt128(random.Number(), random.Number()));
}
