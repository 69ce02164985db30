using OrleansStore.Verification.Histories;

namespace OrleansStore.Verification.Tests.Model;

/// <summary>Histories of clients of a store that is right but not reliable: operations take time, answers get lost, and what was lost takes effect late, or never.</summary>
internal sealed class RandomHistory(ulong seed)
{
    private readonly SplitMix64 _random = new(seed);

    public required int Operations { get; init; }

    public required int Clients { get; init; }

    public required string[] Keys { get; init; }

    /// <summary>How many values there are; 0 for a new one in each write.</summary>
    public int Values { get; init; }

    /// <summary>Of 100 operations that write, this many have an unknown outcome.</summary>
    public int UnknownPercent { get; init; } = 10;

    /// <summary>Of 100 transactions, this many are over all keys.</summary>
    public int WidePercent { get; init; }

    /// <summary>Whether answers tell revisions.</summary>
    public bool TellsRevisions { get; init; } = true;

    /// <summary>A history that is linearizable, by construction.</summary>
    public List<ClientOperation> Draw()
    {
        var planned = Plan();
        var answers = new (object Answer, bool IsRead)[planned.Count];
        var store = AtomicStore.Empty;
        foreach (var (request, _, moment, _, place) in planned.OrderBy(plan => plan.Moment))
        {
            if (moment == long.MaxValue)
            {
                continue;
            }

            // Other keys of the bucket change, too.
            store = store with { Revision = store.Revision + (ulong)_random.Next(3) };
            if (request is StoreKey key)
            {
                answers[place] = (store.Read(key), true);
            }
            else
            {
                (store, var result) = store.Write((Transaction)request);
                answers[place] = (result, false);
            }
        }

        return [.. planned.Select(plan => ToOperation(plan, answers[plan.Place].Answer))];
    }

    /// <summary>Breaks a history a little: an answer changes, or comes earlier or later. It may still be linearizable.</summary>
    public List<ClientOperation> Mutate(List<ClientOperation> history)
    {
        var mutated = history.ToList();
        var place = _random.Next(mutated.Count);
        var other = mutated[_random.Next(mutated.Count)];
        mutated[place] = (mutated[place], _random.Next(4)) switch
        {
            (ReadOperation { Result: not null } read, 0) when other is ReadOperation { Result: not null } theirs => read with { Result = theirs.Result },
            (ReadOperation { Result: { Record: { } record } result } read, 1) =>
                read with { Result = result with { Record = record with { ModifyRevision = new Revision(record.ModifyRevision.Value + (ulong)_random.Next(3)) } } },
            (WriteOperation { Result: { } result } write, 0) => write with { Result = result with { Revision = new Revision(1 + (ulong)_random.Next(2 * mutated.Count)) } },
            (WriteOperation { Result: { } result } write, 1) => write with { Result = result with { Status = result.Status == WriteStatus.Applied ? WriteStatus.PreconditionFailed : WriteStatus.Applied, FailedGuard = null, Operations = [] } },
            (var operation, _) => Move(operation),
        };
        return mutated;
    }

    private ClientOperation Move(ClientOperation operation)
    {
        var by = TimeSpan.FromSeconds(_random.Next(40) - 20);
        return operation with { Begin = operation.Begin + by, End = operation.End + by };
    }

    private List<(object Request, long Begin, long Moment, long End, int Place)> Plan()
    {
        var planned = new List<(object, long, long, long, int)>();
        var free = new long[Clients];
        for (var place = 0; place < Operations; place++)
        {
            var client = Array.IndexOf(free, free.Min());
            var begin = free[client] + 1 + _random.Next(6);
            var moment = begin + _random.Next(6);
            var end = moment + _random.Next(6);
            object request = _random.Next(10) < 4 ? Make.Key(Keys[_random.Next(Keys.Length)]) : DrawTransaction(place);
            if (request is Transaction && _random.Next(100) < UnknownPercent)
            {
                (moment, end) = (_random.Next(3) == 0 ? long.MaxValue : moment + _random.Next(30), long.MaxValue);
                free[client] = begin + 8;
            }
            else
            {
                free[client] = end;
            }

            planned.Add((request, begin, moment, end, place));
        }

        return planned;
    }

    private Transaction DrawTransaction(int place)
    {
        var value = Make.Value(Values == 0 ? $"v{place}" : $"v{_random.Next(Values)}");
        if (_random.Next(100) < WidePercent)
        {
            var guards = _random.Next(2) == 0 ? [] : new[] { DrawGuard(Make.Key(Keys[_random.Next(Keys.Length)])) };
            return new Transaction([.. guards], [.. Keys.Select(name => _random.Next(4) == 0 ? Operation.Delete(Make.Key(name)) : Operation.Put(Make.Key(name), value))]);
        }

        var key = Make.Key(Keys[_random.Next(Keys.Length)]);
        return _random.Next(6) switch
        {
            0 => Transaction.Of(Operation.Delete(key)),
            1 or 2 => Transaction.Of(Operation.Put(key, value), DrawGuard(key)),
            _ => Transaction.Of(Operation.Put(key, value)),
        };
    }

    private Guard DrawGuard(StoreKey key) => (TellsRevisions ? _random.Next(5) : _random.Next(2) * 4) switch
    {
        0 => Guard.Exists(key),
        1 => Guard.NotExists(key),
        2 => Guard.RevisionIn(key, new Revision(1 + (ulong)_random.Next(Operations))),
        3 => Guard.RevisionNotIn(key, new Revision(1 + (ulong)_random.Next(Operations))),
        _ => Guard.ValueEquals(key, Make.Value($"v{_random.Next(Values == 0 ? Operations : Values)}")),
    };

    private ClientOperation ToOperation((object Request, long Begin, long Moment, long End, int Place) plan, object? answer)
    {
        var (begin, end) = (TimeSpan.FromSeconds(plan.Begin), plan.End == long.MaxValue ? (TimeSpan?)null : TimeSpan.FromSeconds(plan.End));
        var client = plan.Place % Clients;
        if (plan.Request is StoreKey key)
        {
            var read = (ReadResult)answer!;
            return new ReadOperation(client, begin, end, key, TellsRevisions ? read : Forget(read));
        }

        var write = end is null ? null : (WriteResult)answer!;
        return new WriteOperation(client, begin, end, (Transaction)plan.Request, write is null || TellsRevisions ? write : write with { Revision = Revision.None });
    }

    private static ReadResult Forget(ReadResult result) =>
        result with { Revision = Revision.None, Record = result.Record is { } record ? record with { ModifyRevision = Revision.None } : null };
}
