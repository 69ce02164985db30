using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Durability;

/// <summary>A random but repeatable life of a few buckets: appends, conflict overwrites, votes, due times, own and received snapshots,
/// compaction; with small segments it also rolls over, copies forward and drops. Bucket 0 writes a little at first and is then idle.</summary>
internal sealed class Workload
{
    private const int Buckets = 5;
    private const int IdleAfterSteps = 8;
    private static readonly GroupConfig Config = GroupConfig.Create([ReplicaId.Create(1, 1), ReplicaId.Create(2, 1), ReplicaId.Create(3, 1)]);

    private readonly Prng _random;
    private readonly BucketHistory[] _histories = [.. Enumerable.Range(0, Buckets).Select(number => new BucketHistory(new BucketId((uint)number)))];
    private readonly IReplicaLog[] _logs = new IReplicaLog[Buckets];
    private StorageHost _host = null!;
    private int _steps;

    public Workload(ulong seed) => _random = new Prng(seed);

    public StorageHost Host => _host;

    public IReadOnlyList<BucketHistory> Histories => _histories;

    /// <summary>Opens the storage and checks what every bucket recovered.</summary>
    public void Open(MemoryDisk disk, StorageOptions? options = null)
    {
        _host = StorageHost.Open(disk, options);
        _host.Recorder.Completed = Complete;
        for (var i = 0; i < Buckets; i++)
        {
            var opened = _host.OpenReplica(_histories[i].Bucket);
            _histories[i].Recovered(opened.State, _host.ReadSnapshot);
            _logs[i] = opened.Log;
        }
    }

    /// <summary>Does some steps, or as many as the disk lets it.</summary>
    /// <returns>Whether all were done; false once the storage failed.</returns>
    public bool Run(int steps)
    {
        try
        {
            for (var i = 0; i < steps; i++, _steps++)
            {
                Step();
                if (_host.Storage.Failure is not null)
                {
                    return false;
                }
            }

            _host.Pump.RunAll();
            return _host.Storage.Failure is null;
        }
        catch (Exception exception) when (exception is IOException or StoreException)
        {
            return false;
        }
    }

    private void Step()
    {
        var number = _steps < IdleAfterSteps ? _random.Next(2) : 1 + _random.Next(Buckets - 1);
        var history = _histories[number];
        switch (_random.Next(100))
        {
            case < 55:
                Append(number, AppendEntries(history.Latest, history.Latest.Last + 1));
                break;
            case < 65:
                Append(number, Overwrite(history.Latest));
                break;
            case < 75:
                Append(number, new LogAppend { HardState = NextHardState(history.Latest, vote: true), DueTime = new DueTime(_random.Next(3)) });
                break;
            case < 90:
                TakeSnapshot(number);
                break;
            case < 94:
                ReceiveSnapshot(number);
                break;
            default:
                _host.Idle();
                break;
        }

        // Now and then several appends meet in one batch.
        if (_random.Chance(60))
        {
            _host.Pump.RunAll();
        }
    }

    private void Append(int number, LogAppend append)
    {
        var token = _histories[number].Queued(append);
        if (_logs[number].TryAppend(append, token) != AppendStatus.Queued)
        {
            _histories[number].Refused();
        }
    }

    private void Complete(AppendCompletion completion)
    {
        if (completion.Failure is null)
        {
            _histories[completion.Bucket.Number].Acknowledged(completion.Token);
        }
    }

    private LogAppend AppendEntries(BucketModel state, ulong first)
    {
        var hardState = _random.Chance(50) ? NextHardState(state, vote: false) : state.HardState;
        var term = new Term(Math.Max(hardState.Term.Value, 1));
        var entries = new Entry[1 + _random.Next(4)];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new Entry(term, new LogIndex(first + (ulong)i), EntryType.Normal, _random.NextBytes(_random.Next(200)));
        }

        return new LogAppend { HardState = hardState == state.HardState ? null : hardState, Entries = entries };
    }

    private LogAppend Overwrite(BucketModel state)
    {
        var lowest = state.CompactedTo.Index.Value + 1;
        var first = lowest + (ulong)_random.Next((int)(state.Last + 1 - lowest) + 1);
        var append = AppendEntries(state, first);
        return append with { HardState = NextHardState(state, vote: true) };
    }

    private HardState NextHardState(BucketModel state, bool vote) => new(
        vote ? state.HardState.Term.Next : new Term(Math.Max(state.HardState.Term.Value, 1)),
        vote ? ReplicaId.Create((ushort)_random.Next(3), 1) : state.HardState.Vote,
        new LogIndex(state.Last));

    private void TakeSnapshot(int number)
    {
        _host.Pump.RunAll();
        var history = _histories[number];
        if (_host.Storage.Failure is not null || history.Latest.Entries.Count == 0)
        {
            return;
        }

        var entries = history.Latest.Entries;
        var last = entries[Math.Max(_random.Next(entries.Count), _random.Next(entries.Count))];
        var metadata = new SnapshotMetadata(last.Index, last.Term, Config);
        if (history.Snapshot is { } newest && newest.Index >= metadata.Index)
        {
            return;
        }

        history.PendingSnapshot = metadata;
        _host.TakeSnapshot(history.Bucket, new Revision(last.Index.Value), metadata, BucketHistory.Content(history.Bucket, metadata));
        history.SnapshotDurable();
        if (_random.Chance(80))
        {
            Append(number, new LogAppend { CompactedTo = last.Id });
        }
    }

    private void ReceiveSnapshot(int number)
    {
        _host.Pump.RunAll();
        if (_host.Storage.Failure is not null)
        {
            return;
        }

        var history = _histories[number];
        var index = Math.Max(history.Latest.Last, history.Snapshot?.Index.Value ?? 0) + 5;
        var metadata = new SnapshotMetadata(new LogIndex(index), history.Latest.HardState.Term.Next, Config);
        var bytes = StoredSnapshots.Encode(history.Bucket, new Revision(index), metadata, BucketHistory.Content(history.Bucket, metadata));
        history.PendingSnapshot = metadata;
        _host.Pump.Run(() => StoredSnapshots.SendAsync(_host.Storage.Snapshots, bytes, chunkBytes: 100));
        history.SnapshotDurable();
        Append(number, new LogAppend
        {
            HardState = new HardState(metadata.Term, ReplicaId.None, metadata.Index),
            InstalledSnapshot = metadata.LastEntry,
        });
    }
}
