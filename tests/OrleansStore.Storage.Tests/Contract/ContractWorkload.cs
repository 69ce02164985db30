using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Storage.Testing;
using OrleansStore.Storage.Tests.Durability;

namespace OrleansStore.Storage.Tests.Contract;

/// <summary>A random but repeatable life of a few buckets on any kind of storage, compared with a list in memory each time a bucket is opened.</summary>
internal sealed class ContractWorkload(ulong seed)
{
    private const int Buckets = 4;
    private static readonly GroupConfig Config = GroupConfig.Create([ReplicaId.Create(1, 1), ReplicaId.Create(2, 1), ReplicaId.Create(3, 1)]);

    private readonly Prng _random = new(seed);
    private readonly BucketHistory[] _histories = [.. Enumerable.Range(0, Buckets).Select(number => new BucketHistory(new BucketId((uint)number)))];
    private readonly IReplicaLog[] _logs = new IReplicaLog[Buckets];
    private readonly Lock _gate = new();

    /// <summary>Opens every bucket and checks it, then does some steps. What was queued last may be unacknowledged at the end.</summary>
    public async Task RunAsync(StorageProcess process, int steps)
    {
        process.Completions.Completed = Complete;
        try
        {
            for (var i = 0; i < Buckets; i++)
            {
                await OpenAsync(process, i);
            }

            for (var step = 0; step < steps; step++)
            {
                await StepAsync(process, _random.Next(Buckets));
            }
        }
        catch (Exception exception) when (exception is not StoreException)
        {
            throw new InvalidOperationException($"seed={seed}: {exception.Message}", exception);
        }
    }

    private async Task OpenAsync(StorageProcess process, int number)
    {
        var opened = await process.OpenAsync(_histories[number].Bucket);
        var content = opened.State.Snapshot is { } snapshot ? await process.ReadSnapshotAsync(snapshot) : [];
        lock (_gate)
        {
            _histories[number].Recovered(opened.State, _ => content);
        }

        _logs[number] = opened.Log;
    }

    private async Task StepAsync(StorageProcess process, int number)
    {
        var model = Latest(number);
        switch (_random.Next(100))
        {
            case < 50:
                Append(number, NextEntries(model, model.Last + 1));
                break;
            case < 65:
                var lowest = model.CompactedTo.Index.Value + 1;
                Append(number, NextEntries(model, lowest + (ulong)_random.Next((int)(model.Last + 1 - lowest) + 1)) with { HardState = NextHardState(model) });
                break;
            case < 75:
                Append(number, new LogAppend { HardState = NextHardState(model), DueTime = new DueTime(_random.Next(3)) });
                break;
            case < 92:
                await TakeSnapshotAsync(process, number);
                break;
            default:
                await OpenAsync(process, number);
                break;
        }

        // Now and then several appends meet in one flush.
        if (_random.Chance(30))
        {
            await SettleAsync(process, number);
        }
    }

    private async Task TakeSnapshotAsync(StorageProcess process, int number)
    {
        await SettleAsync(process, number);
        var history = _histories[number];
        var entries = Latest(number).Entries;
        if (entries.Count == 0)
        {
            return;
        }

        var last = entries[_random.Next(entries.Count)];
        var metadata = new SnapshotMetadata(last.Index, last.Term, Config);
        if (history.Snapshot is { } newest && newest.Index >= metadata.Index)
        {
            return;
        }

        history.PendingSnapshot = metadata;
        await process.TakeSnapshotAsync(history.Bucket, new Revision(last.Index.Value), metadata, BucketHistory.Content(history.Bucket, metadata));
        history.SnapshotDurable();
        Append(number, new LogAppend { CompactedTo = last.Id });
    }

    private async Task SettleAsync(StorageProcess process, int number)
    {
        // An append that changes nothing: whatever was queued before it is reported before it.
        var token = Append(number, new LogAppend { DueTime = Latest(number).DueTime });
        if ((await process.Completions.WaitAsync(_logs[number].Writer, token)).Failure is { } failure)
        {
            throw failure;
        }
    }

    private ulong Append(int number, LogAppend append)
    {
        lock (_gate)
        {
            var token = _histories[number].Queued(append);
            Assert.Equal(AppendStatus.Queued, _logs[number].TryAppend(append, token));
            return token;
        }
    }

    private void Complete(AppendCompletion completion)
    {
        lock (_gate)
        {
            var number = completion.Bucket.Number;
            if (completion.Failure is null && completion.Writer == _logs[number].Writer)
            {
                _histories[number].Acknowledged(completion.Token);
            }
        }
    }

    private BucketModel Latest(int number)
    {
        lock (_gate)
        {
            return _histories[number].Latest;
        }
    }

    private LogAppend NextEntries(BucketModel model, ulong first)
    {
        var term = new Term(Math.Max(model.HardState.Term.Value, 1));
        var entries = new Entry[1 + _random.Next(4)];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new Entry(term, new LogIndex(first + (ulong)i), EntryType.Normal, _random.NextBytes(_random.Next(200)));
        }

        return new LogAppend { Entries = entries };
    }

    private HardState NextHardState(BucketModel model) => new(model.HardState.Term.Next, ReplicaId.Create((ushort)_random.Next(3), 1), new LogIndex(model.Last));
}
