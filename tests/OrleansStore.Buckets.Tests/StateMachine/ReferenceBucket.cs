using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.History;
using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Tests.StateMachine;

/// <summary>The state machine written down as plainly as possible: lists, sorting and searching, no index, no bytes. It shares no code with the real one but the request types.</summary>
internal sealed class ReferenceBucket(BucketLimits limits)
{
    public sealed record Row(StoreKey Key, Operation Put, ulong Create, ulong Modify, ulong Version, WallTime? Ends);

    public sealed record Change(ChangeKind Kind, ulong Revision, WallTime Time, StoreKey Key, Row? Row);

    private sealed record Decided(byte[]? Content, WriteResult Answer);

    private sealed class Session
    {
        public required SessionId Id { get; init; }

        public WallTime LastUse { get; set; }

        public ulong AnsweredUpTo { get; set; }

        public Dictionary<ulong, Decided> Results { get; } = [];
    }

    private sealed record Remembered(string Key, WallTime At, Decided Decided);

    private readonly List<Session> _sessions = [];
    private readonly List<Remembered> _keys = [];
    private WallTime? _forgotten;

    public List<Row> Rows { get; private set; } = [];

    public List<Change> History { get; private set; } = [];

    public ulong Compacted { get; private set; }

    public ulong Revision { get; private set; }

    public WallTime Time { get; private set; }

    public List<Change> Events { get; private set; } = [];

    public int SessionCount => _sessions.Count;

    public int ResultCount => _sessions.Sum(session => session.Results.Count);

    public int KeyCount => _keys.Count;

    public WallTime? NextDueTime => Rows.Where(row => row.Ends is not null).Min(row => row.Ends);

    public (WriteResult? Write, OutcomeResult? Outcome) Apply(BucketCommand command)
    {
        Events = [];
        Time = command.Stamp > Time ? command.Stamp : Time;
        PassTime();
        (WriteResult? Write, OutcomeResult? Outcome) result = command switch
        {
            TransactionCommand transaction => (Decide(transaction.Identity, transaction.Transaction), null),
            SettleOutcomeCommand settle => (null, Settle(settle)),
            _ => default,
        };
        History.AddRange(Events);
        while (History.Count > limits.MaxHistoryEvents || History.Sum(SizeOf) > limits.MaxHistoryBytes)
        {
            Compacted = History[0].Revision;
            History = [.. History.Where(change => change.Revision > Compacted)];
        }

        return result;
    }

    private void PassTime()
    {
        foreach (var row in Rows.Where(row => row.Ends <= Time).OrderBy(row => row.Ends).ThenBy(row => row.Key).Take(limits.MaxExpirationsPerCommand).ToList())
        {
            Remove(row, ChangeKind.Expired);
        }

        foreach (var session in _sessions.Where(session => Time - session.LastUse >= limits.SessionIdleTimeout)
            .OrderBy(session => session.LastUse).ThenBy(session => session.Id).Take(limits.MaxSessionEndsPerCommand).ToList())
        {
            _sessions.Remove(session);
        }

        foreach (var key in _keys.Where(key => Time - key.At >= limits.KeyRetention)
            .OrderBy(key => key.At).ThenBy(key => key.Key, StringComparer.Ordinal).Take(limits.MaxKeyForgetsPerCommand).ToList())
        {
            _forgotten = key.At;
            _keys.Remove(key);
        }
    }

    private WriteResult Decide(RequestIdentity identity, Transaction transaction)
    {
        var content = TransactionCodec.Encode(transaction);
        switch (identity.Id.Form)
        {
            case RequestIdForm.None:
                return Run(transaction);
            case RequestIdForm.Session:
                var status = Enter(identity, out var session);
                if (status is not null)
                {
                    return status == WriteStatus.Applied ? Repeat(session!.Results[identity.Id.Sequence], content) : new WriteResult(status.Value, new(Revision));
                }

                return Keep(identity, new Decided(content, Run(transaction)));
            default:
                if (_keys.Find(key => key.Key == identity.Id.Key) is { } known)
                {
                    return Repeat(known.Decided, content);
                }

                return _keys.Count >= limits.MaxKeys
                    ? new WriteResult(WriteStatus.Throttled, new(Revision))
                    : Keep(identity, new Decided(content, Run(transaction)));
        }
    }

    private OutcomeResult Settle(SettleOutcomeCommand command)
    {
        var id = command.RequestId;
        Decided? known;
        if (id.Form == RequestIdForm.Session)
        {
            var status = Enter(new RequestIdentity(id), out var session);
            if (status is WriteStatus.RequestExpired or WriteStatus.Throttled)
            {
                return new OutcomeResult(status == WriteStatus.Throttled ? OutcomeStatus.Throttled : OutcomeStatus.Expired);
            }

            known = status is null ? null : session!.Results[id.Sequence];
        }
        else
        {
            known = _keys.Find(key => key.Key == id.Key)?.Decided;
            if (known is null && _keys.Count >= limits.MaxKeys)
            {
                return new OutcomeResult(OutcomeStatus.Throttled);
            }

            if (known is null && _forgotten is { } forgotten &&
                (command.FirstSent?.UnixMilliseconds ?? 0) - (long)limits.AllowedClockLead.TotalMilliseconds <= forgotten.UnixMilliseconds)
            {
                return new OutcomeResult(OutcomeStatus.Expired);
            }
        }

        if (known is null)
        {
            Keep(new RequestIdentity(id), new Decided(null, new WriteResult(WriteStatus.NeverApplied, new(Revision))));
            return new OutcomeResult(OutcomeStatus.NeverApplied);
        }

        return known.Answer.Status switch
        {
            WriteStatus.NeverApplied => new OutcomeResult(OutcomeStatus.NeverApplied),
            WriteStatus.Applied => new OutcomeResult(OutcomeStatus.Applied, known.Answer),
            _ => new OutcomeResult(OutcomeStatus.Rejected, known.Answer),
        };
    }

    /// <summary>Null: the request is new. Applied: it has an answer. Else what it is refused with.</summary>
    private WriteStatus? Enter(RequestIdentity identity, out Session? session)
    {
        var id = identity.Id;
        session = _sessions.Find(open => open.Id == id.Session);
        var answeredUpTo = identity.AnsweredUpTo;
        if (session is not null)
        {
            session.LastUse = Time;
            session.AnsweredUpTo = answeredUpTo = Math.Max(session.AnsweredUpTo, answeredUpTo);
            foreach (var sequence in session.Results.Keys.Where(sequence => sequence <= answeredUpTo).ToList())
            {
                session.Results.Remove(sequence);
            }

            if (id.Sequence <= answeredUpTo)
            {
                return WriteStatus.RequestExpired;
            }

            if (session.Results.ContainsKey(id.Sequence))
            {
                return WriteStatus.Applied;
            }
        }
        else
        {
            var age = Time.UnixMilliseconds - id.Session.Created.UnixMilliseconds;
            var lead = (long)limits.AllowedClockLead.TotalMilliseconds;
            if (age < -lead || age >= (long)limits.SessionIdleTimeout.TotalMilliseconds - lead)
            {
                return WriteStatus.RequestExpired;
            }

            if (_sessions.Count >= limits.MaxSessions)
            {
                return WriteStatus.Throttled;
            }
        }

        return id.Sequence > answeredUpTo + (ulong)limits.MaxUnansweredPerSession || ResultCount >= limits.MaxSessionResults ? WriteStatus.Throttled : null;
    }

    private WriteResult Keep(RequestIdentity identity, Decided decided)
    {
        if (identity.Id.Form == RequestIdForm.Opaque)
        {
            _keys.Add(new Remembered(identity.Id.Key!, Time, decided));
            return decided.Answer;
        }

        var session = _sessions.Find(open => open.Id == identity.Id.Session);
        if (session is null)
        {
            session = new Session { Id = identity.Id.Session, LastUse = Time, AnsweredUpTo = identity.AnsweredUpTo };
            _sessions.Add(session);
        }

        session.Results.Add(identity.Id.Sequence, decided);
        return decided.Answer;
    }

    private WriteResult Repeat(Decided decided, byte[] content) => decided.Content is null || decided.Content.AsSpan().SequenceEqual(content)
        ? decided.Answer
        : new WriteResult(WriteStatus.IdempotencyMismatch, new(Revision));

    private WriteResult Run(Transaction transaction)
    {
        for (var i = 0; i < transaction.Guards.Length; i++)
        {
            if (!Holds(transaction.Guards[i]))
            {
                return new WriteResult(WriteStatus.PreconditionFailed, new(Revision)) { FailedGuard = i };
            }
        }

        List<OperationOutcome> outcomes = [];
        foreach (var operation in transaction.Operations)
        {
            var old = Rows.Find(row => row.Key == operation.Key);
            if (operation.Kind == OperationKind.Delete)
            {
                outcomes.Add(old is null ? OperationOutcome.Missing : OperationOutcome.Deleted);
                if (old is not null)
                {
                    Remove(old, ChangeKind.Delete);
                }

                continue;
            }

            Raise();
            var row = new Row(operation.Key, operation, old?.Create ?? Revision, Revision, (old?.Version ?? 0) + 1, operation.Expiry.EndsAt(Time));
            Rows = [.. Rows.Where(other => other.Key != operation.Key), row];
            Events.Add(new Change(ChangeKind.Put, Revision, Time, row.Key, row));
            outcomes.Add(old is null ? OperationOutcome.Created : OperationOutcome.Replaced);
        }

        var nothing = outcomes.Count > 0 && outcomes.TrueForAll(outcome => outcome == OperationOutcome.Missing);
        return new WriteResult(nothing ? WriteStatus.NotFound : WriteStatus.Applied, new(Revision)) { Operations = [.. outcomes] };
    }

    private bool Holds(Guard guard)
    {
        var row = Rows.Find(row => row.Key == guard.Key);
        return guard.Kind switch
        {
            GuardKind.Exists => row is not null,
            GuardKind.NotExists => row is null,
            GuardKind.RevisionIn => row is not null && guard.Revisions.Any(revision => revision.Value == row.Modify),
            GuardKind.RevisionNotIn => row is null || guard.Revisions.All(revision => revision.Value != row.Modify),
            GuardKind.ValueEquals => row is not null && row.Put.Value.ToArray().SequenceEqual(guard.Value.ToArray()),
            _ => throw new InvalidOperationException(),
        };
    }

    private void Remove(Row row, ChangeKind kind)
    {
        Raise();
        Rows = [.. Rows.Where(other => other != row)];
        Events.Add(new Change(kind, Revision, Time, row.Key, null));
    }

    private void Raise() => Revision += Events.Count == 0 ? 1u : 0u;

    private static long SizeOf(Change change)
    {
        const int eventAndRecordHeader = 13 + 32 + 4;
        return eventAndRecordHeader + change.Key.Bytes.Length + (change.Row is not { } row ? 0 :
            row.Put.ContentType.Length + row.Put.Value.Length + (row.Ends is null ? 0 : 8) + (row.Put.Owner is null ? 0 : 17));
    }
}
