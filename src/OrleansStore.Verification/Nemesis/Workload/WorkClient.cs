using System.Globalization;
using OrleansStore.Client;

namespace OrleansStore.Verification.Nemesis.Workload;

/// <summary>One client of the workload: it does one thing after the other through one datacenter, and records what it was told.</summary>
internal sealed class WorkClient
{
    // Out of 100.
    private const int NamedWrites = 30;
    private const int RepeatsOfDecided = 10;
    private const int Inquiries = 50;

    private const int MaxCopies = 4;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(20);

    private readonly ushort _number;
    private readonly IStore _store;
    private readonly KeyFamilies _families;
    private readonly SplitMix64 _random;
    private readonly WorkProgress _progress;
    private readonly NemesisClock _clock;
    private readonly WorkScript _script;
    private readonly string _run;
    private readonly List<string> _contradictions = [];
    private int _named;

    /// <param name="number">Which client it is, from 0.</param>
    /// <param name="store">The store through the client's datacenter.</param>
    /// <param name="families">The keys.</param>
    /// <param name="run">What is no other run's: a part of the ids of writes.</param>
    /// <param name="random">For the choices of this client.</param>
    /// <param name="progress">What all clients share.</param>
    /// <param name="clock">The time of the run.</param>
    public WorkClient(int number, IStore store, KeyFamilies families, string run, SplitMix64 random, WorkProgress progress, NemesisClock clock)
    {
        (_number, _store, _families, _run, _random, _progress, _clock) = ((ushort)number, store, families, run, random, progress, clock);
        _script = new WorkScript(_number, families, random.Fork(), progress.NextValue);
    }

    /// <summary>What it did.</summary>
    public OperationLog Log { get; } = new();

    /// <summary>How often it sent a write again whose outcome it did not know, or knew.</summary>
    public int Repeats { get; private set; }

    /// <summary>Where two answers to one request id differ.</summary>
    public IReadOnlyList<string> Contradictions => _contradictions;

    /// <summary>Works until it is told to stop; what is under way then is finished.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var next = _clock.Now + (_progress.Interval * (_random.Next(1000) / 1000.0));
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await _clock.WaitUntilAsync(next, stop).ConfigureAwait(false);
                var operation = _script.Next();
                operation.Begin = _clock.Now.Ticks;
                operation = await PerformAsync(operation).ConfigureAwait(false);
                Record(operation);

                // Who is late does not catch up by hurrying: that would be another load than asked for.
                next = Later(next + _progress.Interval, _clock.Now);
                if (!operation.IsAnswered)
                {
                    next = Later(next, _clock.Now + PauseAfterFailure);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop while waiting for its turn.
        }
    }

    /// <summary>Reads a key, and records it.</summary>
    /// <returns>Whether there was an answer.</returns>
    public async Task<bool> ReadAsync(int key)
    {
        var operation = await PerformAsync(new OperationRecord { Client = _number, Kind = WorkKind.Get, Key = key, Begin = _clock.Now.Ticks }).ConfigureAwait(false);
        Record(operation);
        return operation.IsAnswered;
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private void Record(in OperationRecord operation)
    {
        Log.Add(operation);
        _script.Observe(operation);
        if (operation.IsAnswered)
        {
            _progress.Answer(_number, operation.EndTime);
        }
    }

    private async Task<OperationRecord> PerformAsync(OperationRecord operation)
    {
        try
        {
            operation = operation.Kind == WorkKind.Get ? await GetAsync(operation).ConfigureAwait(false) : await WriteAsync(operation).ConfigureAwait(false);
        }
        catch (StoreException e)
        {
            (operation.Status, operation.Error) = (WorkStatus.Failed, WorkAnswer.CodeOf(e));
        }

        operation.End = operation.End == 0 ? _clock.Now.Ticks : operation.End;
        return operation;
    }

    private async Task<OperationRecord> GetAsync(OperationRecord operation)
    {
        var item = await _store.GetAsync(_families.KeyOf(operation.Key)).ConfigureAwait(false);
        operation.Status = item is null ? WorkStatus.NotFound : WorkStatus.Found;
        operation.Value = item is null ? 0 : WorkValue.Decode(item.Value.Span);
        operation.Revision = item?.Revision.Value ?? 0;
        return operation;
    }

    private async Task<OperationRecord> WriteAsync(OperationRecord operation)
    {
        var transaction = WorkRequest.Of(operation, _families);
        return _script.Draw(NamedWrites)
            ? await WriteNamedAsync(operation, transaction).ConfigureAwait(false)
            : await WriteOnceAsync(operation, transaction).ConfigureAwait(false);
    }

    /// <summary>A write under an id of the client library. Where its outcome is not known the store is asked for it, or it stays unknown.</summary>
    private async Task<OperationRecord> WriteOnceAsync(OperationRecord operation, Transaction transaction)
    {
        var outcome = await _store.CommitAsync(transaction).ConfigureAwait(false);
        operation = WorkAnswer.Apply(operation, outcome);
        if (outcome is WriteOutcome.Unknown && _script.Draw(Inquiries))
        {
            try
            {
                return WorkAnswer.Apply(operation, await _store.GetOutcomeAsync(_families.KeyOf(operation.Key), outcome.RequestId).ConfigureAwait(false));
            }
            catch (StoreException)
            {
                // Nobody could tell: it stays unknown.
            }
        }

        return operation;
    }

    /// <summary>A write under an id of its own: sent again where its outcome is not known, and sometimes where it is. It happens once all the same.</summary>
    private async Task<OperationRecord> WriteNamedAsync(OperationRecord operation, Transaction transaction)
    {
        var options = new WriteOptions { IdempotencyKey = string.Create(CultureInfo.InvariantCulture, $"{_run}-{_number}-{++_named}") };
        var first = await _store.CommitAsync(transaction, options).ConfigureAwait(false);
        for (var copies = 1; first is WriteOutcome.Unknown && copies < MaxCopies; copies++)
        {
            first = await RepeatAsync(transaction, options).ConfigureAwait(false) ?? first;
        }

        // What is sent again from here on is not what the client waits for.
        operation.End = _clock.Now.Ticks;
        if (first is not WriteOutcome.Unknown && _script.Draw(RepeatsOfDecided) && await RepeatAsync(transaction, options).ConfigureAwait(false) is { } second and not WriteOutcome.Unknown
            && !WorkAnswer.Agree(first, second))
        {
            _contradictions.Add($"client {_number} sent the {operation.Kind} of {_families.KeyOf(operation.Key)} under {options.IdempotencyKey} again; first it was {first}, then {second}");
        }

        return WorkAnswer.Apply(operation, first);
    }

    /// <returns>Null where this copy was refused or not served, which tells nothing of the copies before it.</returns>
    private async Task<WriteOutcome?> RepeatAsync(Transaction transaction, WriteOptions options)
    {
        Repeats++;
        try
        {
            return await _store.CommitAsync(transaction, options).ConfigureAwait(false);
        }
        catch (StoreException)
        {
            return null;
        }
    }
}
