using System.Collections.Immutable;
using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Tests.StateMachine;

/// <summary>Random commands over few keys, sessions and idempotency keys, so that every rule is met often: retries, late copies, gaps, wrong clocks, full tables.</summary>
internal sealed class CommandGenerator(TestRandom random)
{
    private readonly List<BucketCommand> _sent = [];
    private readonly Dictionary<SessionId, (ulong Next, ulong Answered)> _sessions = [];
    private long _now;

    /// <summary>Limits that random commands reach.</summary>
    public static BucketLimits TightLimits(TestRandom random) => new()
    {
        SessionIdleTimeout = TimeSpan.FromSeconds(4),
        AllowedClockLead = TimeSpan.FromMilliseconds(random.Pick([0, 500, 2000])),
        KeyRetention = TimeSpan.FromSeconds(1 + random.Below(4)),
        MaxSessions = 1 + random.Below(5),
        MaxUnansweredPerSession = 1 + random.Below(6),
        MaxSessionResults = 2 + random.Below(12),
        MaxKeys = 1 + random.Below(8),
        MaxHistoryEvents = random.Below(60),
        MaxHistoryBytes = 200 + random.Below(3000),
        MaxExpirationsPerCommand = 1 + random.Below(3),
        MaxSessionEndsPerCommand = 2,
        MaxKeyForgetsPerCommand = 2,
    };

    public BucketCommand Next()
    {
        // Mostly forward, at times far, at times a leader with a slower clock.
        _now += random.Chance(3) ? random.Below(5000) : random.Below(60);
        var stamp = Make.At(_now - (random.Chance(10) ? random.Below(1000) : 0));
        var kind = random.Below(100);
        BucketCommand command = kind switch
        {
            < 20 when _sent.Count > 0 => Copy(random.Pick(_sent), stamp),
            < 30 => new SettleOutcomeCommand(stamp, NextSettledId(), random.Chance(20) ? null : Make.At(Math.Max(0, _now - random.Below(8000) + random.Below(2000)))),
            < 34 => new AdvanceTimeCommand(stamp),
            < 35 => new RaiseFeatureLevelCommand(stamp, 1),
            _ => new TransactionCommand(stamp, NextIdentity(), NextTransaction()),
        };
        _sent.Add(command);
        return command;
    }

    private static BucketCommand Copy(BucketCommand command, WallTime stamp) => command switch
    {
        TransactionCommand transaction => new TransactionCommand(stamp, transaction.Identity, transaction.Transaction),
        SettleOutcomeCommand settle => new SettleOutcomeCommand(stamp, settle.RequestId, settle.FirstSent),
        _ => new AdvanceTimeCommand(stamp),
    };

    private RequestId NextSettledId()
    {
        var earlier = _sent.OfType<TransactionCommand>().Select(command => command.Identity.Id).Where(id => id.Form != RequestIdForm.None).ToList();
        return earlier.Count > 0 && random.Chance(60) ? random.Pick(earlier) : NextRequestId();
    }

    private RequestId NextRequestId()
    {
        var identity = NextIdentity();
        return identity.Id.Form == RequestIdForm.None ? RequestId.ForKey("x") : identity.Id;
    }

    private RequestIdentity NextIdentity()
    {
        var form = random.Below(10);
        if (form < 2)
        {
            return default;
        }

        if (form < 5)
        {
            return new RequestIdentity(RequestId.ForKey($"key {random.Below(25)}"));
        }

        if (_sessions.Count == 0 || random.Chance(8))
        {
            _sessions[SessionId.Create(Make.At(_now - 3000 + random.Below(6000)), (ushort)random.Next(), random.Next())] = (1, 0);
        }

        var session = random.Pick(_sessions.Keys.OrderBy(id => id).TakeLast(6).ToList());
        var (next, answered) = _sessions[session];
        var sequence = next + (ulong)random.Below(3);
        answered = random.Chance(50) ? Math.Min(sequence - 1, answered + (ulong)random.Below(4)) : Math.Min(sequence - 1, answered);
        _sessions[session] = (Math.Max(next, random.Chance(70) ? sequence + 1 : sequence), answered);
        return new RequestIdentity(RequestId.ForSession(session, sequence), random.Chance(80) ? answered : 0);
    }

    private Transaction NextTransaction()
    {
        var guards = Enumerable.Range(0, random.Chance(50) ? 0 : 1 + random.Below(3)).Select(_ => NextGuard()).ToImmutableArray();
        var operations = Enumerable.Range(0, random.Chance(60) ? 1 : random.Below(5)).Select(_ => NextOperation()).DistinctBy(operation => operation.Key).ToImmutableArray();
        return new Transaction(guards, guards.Length + operations.Length == 0 ? [NextOperation()] : operations);
    }

    private StoreKey NextKey() => Make.Key($"k{random.Below(12)}", (uint)random.Below(2));

    private Guard NextGuard() => random.Below(5) switch
    {
        0 => Guard.Exists(NextKey()),
        1 => Guard.NotExists(NextKey()),
        2 => Guard.RevisionIn(NextKey(), NextRevision(), NextRevision(), NextRevision()),
        3 => Guard.RevisionNotIn(NextKey(), NextRevision()),
        _ => Guard.ValueEquals(NextKey(), new byte[random.Below(3)]),
    };

    private Revision NextRevision() => new((ulong)random.Below(40));

    private Operation NextOperation()
    {
        if (random.Chance(30))
        {
            return Operation.Delete(NextKey());
        }

        var expiry = random.Below(4) switch
        {
            0 => Expiry.After(TimeSpan.FromMilliseconds(1 + random.Below(3000))),
            1 => Expiry.At(Make.At(_now + random.Below(2000) - 500)),
            _ => Expiry.Never,
        };
        RecordOwner? owner = random.Chance(20) ? new RecordOwner((RecordOwnerKind)(1 + random.Below(2)), random.Next()) : null;
        var value = random.Chance(50) ? new byte[random.Below(3)] : random.Bytes(random.Below(60));
        return Operation.Put(NextKey(), value, random.Chance(50) ? "text/plain" : null, expiry, owner, (uint)random.Below(3));
    }
}
