using OrleansStore.Buckets.Commands;
using OrleansStore.Consensus;
using OrleansStore.Storage;
using OrleansStore.Storage.Folders;
using OrleansStore.Verification.Invariants;

namespace OrleansStore.Simulation;

/// <summary>The storage of one simulated process, watched: what goes in, what becomes durable and what comes back after a start is told to the checkers.</summary>
internal sealed class SimStorage(SimChecks checks, ReplicaId replica, ILogCompletions silo) : IReplicaStorage, ILogCompletions
{
    private readonly Dictionary<BucketId, Queue<long>> _queued = [];
    private readonly HashSet<BucketId> _opened = [];

    /// <summary>What is watched; set once, before anything is asked for.</summary>
    public FileReplicaStorage Inner { private get; set; } = null!;

    public StoreIdentity Identity => Inner.Identity;

    public ISnapshotStore Snapshots => Inner.Snapshots;

    public StoreException? Failure => Inner.Failure;

    public string? Impediment => Inner.Impediment;

    public DiskSpaceState Space => Inner.Space;

    public StorageStatistics Statistics => Inner.Statistics;

    public ValueTask<DiskSpaceState> CheckSpaceAsync() => Inner.CheckSpaceAsync();

    public IReadOnlyList<BucketSummary> ListBuckets() => Inner.ListBuckets();

    public ValueTask RefreshAsync(CancellationToken cancellationToken) => Inner.RefreshAsync(cancellationToken);

    public async ValueTask<OpenedReplica> OpenAsync(BucketId bucket, CancellationToken cancellationToken)
    {
        var opened = await Inner.OpenAsync(bucket, cancellationToken);
        var state = opened.State;
        checks.Observe(new ReplicaRecovered(
            bucket,
            replica,
            IsAfterCrash: _opened.Add(bucket),
            new DurableVote(state.HardState.Term, state.HardState.Vote),
            ToPosition(state.CompactedTo),
            [.. state.Entries.Select(ToEntry)],
            state.Snapshot is { } snapshot ? ToPosition(snapshot.Metadata.LastEntry) : null));
        return opened with { Log = new WatchedLog(this, opened.Log) };
    }

    public ValueTask DisposeAsync() => Inner.DisposeAsync();

    public void OnCompleted(in AppendCompletion completion)
    {
        var number = _queued[completion.Bucket].Dequeue();
        if (completion.Failure is null)
        {
            checks.ObserveDurable(completion.Bucket, replica, number);
        }

        silo.OnCompleted(completion);
    }

    public void OnBatchEnd() => ((ILogCompletions)silo).OnBatchEnd();

    public void OnCapacity() => silo.OnCapacity();

    public void OnFenced(BucketId bucket, WriterEpoch writer) => silo.OnFenced(bucket, writer);

    public void OnFailed(StoreException reason) => silo.OnFailed(reason);

    private void OnQueued(BucketId bucket, in LogAppend append)
    {
        var number = checks.NextAppendNumber();
        if (!_queued.TryGetValue(bucket, out var numbers))
        {
            _queued.Add(bucket, numbers = []);
        }

        numbers.Enqueue(number);
        var queued = new AppendQueued(
            bucket,
            replica,
            number,
            append.HardState is { } state ? new DurableVote(state.Term, state.Vote) : null,
            append.InstalledSnapshot is { } installed ? ToPosition(installed) : null,
            ToEntries(append.Entries.Span),
            append.CompactedTo is { } compacted ? ToPosition(compacted) : null);
        checks.Observe(queued, Snapshots.Newest(bucket) is { } newest ? ToPosition(newest.Metadata.LastEntry) : null);
    }

    private static LogEntry[] ToEntries(ReadOnlySpan<Entry> entries)
    {
        var converted = new LogEntry[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            converted[i] = ToEntry(entries[i]);
        }

        return converted;
    }

    private static LogPosition ToPosition(EntryId id) => new(id.Index, id.Term);

    private static LogEntry ToEntry(Entry entry) => new(
        ToPosition(entry.Id),
        SimMarks.Hash(entry.Data.Span) ^ (ulong)entry.Type,
        entry is { Type: EntryType.Normal, Data.IsEmpty: false } && CommandCodec.Decode(entry.Data) is TransactionCommand command ? SimMarks.Of(command.Identity.Id) : 0);

    private sealed class WatchedLog(SimStorage storage, IReplicaLog inner) : IReplicaLog
    {
        public BucketId Bucket => inner.Bucket;

        public WriterEpoch Writer => inner.Writer;

        public AppendStatus TryAppend(in LogAppend append, ulong token)
        {
            var status = inner.TryAppend(append, token);
            if (status == AppendStatus.Queued)
            {
                storage.OnQueued(inner.Bucket, append);
            }

            return status;
        }

        public ValueTask<IReadOnlyList<Entry>> ReadEntriesAsync(LogIndex first, LogIndex end, long maxBytes, CancellationToken cancellationToken) =>
            inner.ReadEntriesAsync(first, end, maxBytes, cancellationToken);

        public void Close() => inner.Close();
    }
}
