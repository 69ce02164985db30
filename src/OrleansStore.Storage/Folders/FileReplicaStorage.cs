using OrleansStore.Consensus;
using OrleansStore.Storage.Log;
using OrleansStore.Storage.Snapshots;

namespace OrleansStore.Storage.Folders;

/// <summary>The replica storage of one datacenter on local files: one log for all buckets, and snapshot files.</summary>
public sealed class FileReplicaStorage : IReplicaStorage
{
    private readonly WriteAheadLog _log;
    private readonly FileSnapshotStore _snapshots;
    private readonly StorageOptions _options;
    private readonly Lock _gate = new();
    private readonly Dictionary<BucketId, FileReplicaLog> _writers = [];
    private readonly MonotonicTime _openedAt;
    private ulong _lastEpoch;

    private FileReplicaStorage(StoreIdentity identity, WriteAheadLog log, FileSnapshotStore snapshots, StorageOptions options, MonotonicTime openedAt)
    {
        _openedAt = openedAt;
        Identity = identity;
        _log = log;
        _snapshots = snapshots;
        _options = options;
    }

    /// <inheritdoc/>
    public StoreIdentity Identity { get; }

    /// <inheritdoc/>
    public ISnapshotStore Snapshots => _snapshots;

    /// <inheritdoc/>
    public StoreException? Failure => _log.Failure;

    /// <inheritdoc/>
    public string? Impediment => _log.Impediment;

    /// <inheritdoc/>
    public DiskSpaceState Space => _log.Space;

    /// <inheritdoc/>
    public StorageStatistics Statistics => _log.Statistics;

    /// <summary>What opening cut off the log: the rest of a batch that a crash interrupted and that nobody was promised; null if nothing was.</summary>
    public TornTail? TornTail => _log.TornTail;

    /// <summary>Recovers what a folder holds. On completion everything that was read is durable.</summary>
    /// <param name="folder">The folder; its identity is known. It must outlive the storage.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="scheduler">Runs the group-commit loop, which blocks in writes and syncs on the production file port: in production a
    /// <see cref="DedicatedThreadScheduler"/> that outlives the storage.</param>
    /// <param name="time">Paces the idle seal and the check of free space.</param>
    /// <param name="completions">Where appends are reported.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The folder was not initialised.</exception>
    /// <exception cref="CorruptionException">A file is damaged or missing; names file and offset.</exception>
    /// <exception cref="StoreException">A file belongs to another store, or has a newer format.</exception>
    /// <exception cref="IOException">The operating system failed.</exception>
    public static async ValueTask<FileReplicaStorage> OpenAsync(
        DataFolder folder, StorageOptions options, TaskScheduler scheduler, TimeProvider time, ILogCompletions completions)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(completions);
        options.Validate();
        var identity = folder.Identity ?? throw new InvalidOperationException($"The data folder {folder.Path} was not initialised.");

        var log = await WriteAheadLog.OpenAsync(new LogEnvironment(folder.Files, folder.LogDirectory, identity, options, scheduler, time, completions));
        try
        {
            var snapshots = await FileSnapshotStore.OpenAsync(folder.Files, folder.SnapshotDirectory, identity.StoreId, log.CheckSpaceAsync, log.Poison);
            var storage = new FileReplicaStorage(identity, log, snapshots, options, new MonotonicTime(time.GetElapsedTime(0).Ticks));
            storage.RequireSnapshots();
            await storage.RemoveOrphanedSnapshotsAsync();
            return storage;
        }
        catch
        {
            await log.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<DiskSpaceState> CheckSpaceAsync() => _log.CheckSpaceAsync();

    /// <inheritdoc/>
    public IReadOnlyList<BucketSummary> ListBuckets() => _log.ListBuckets();

    /// <inheritdoc/>
    public ValueTask RefreshAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask<OpenedReplica> OpenAsync(BucketId bucket, CancellationToken cancellationToken)
    {
        FileReplicaLog writer;
        lock (_gate)
        {
            if (_writers.TryGetValue(bucket, out var previous))
            {
                previous.Close();
            }

            writer = new FileReplicaLog(_log, _snapshots, _options, bucket, new WriterEpoch(++_lastEpoch), _openedAt);
            _writers[bucket] = writer;
        }

        // Not Task.WaitAsync: with a token it continues on the thread pool, and so out of the order that a simulation must keep. A flush of files does not take long.
        cancellationToken.ThrowIfCancellationRequested();
        await _log.FlushAsync(bucket, append: null);
        var state = await _log.LoadAsync(bucket, cancellationToken);
        if (_snapshots.Newest(bucket) is { } snapshot)
        {
            state = state with { Snapshot = snapshot };
            if (!SnapshotInstallation.Agrees(state, snapshot.Metadata))
            {
                state = await InstallAsync(bucket, state, snapshot.Metadata);
            }
        }

        writer.Start(state);
        return new OpenedReplica(writer, state, writer);
    }

    /// <summary>Writes what is queued, closes all files and ends all writers; the folder stays locked. A log closed this way vouches for its own end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _snapshots.Dispose();
    }

    /// <summary>Finishes an installation that a crash cut short between the snapshot and the log.</summary>
    private async ValueTask<LogState> InstallAsync(BucketId bucket, LogState state, SnapshotMetadata snapshot)
    {
        var hardState = SnapshotInstallation.Raise(state.HardState, snapshot);
        await _log.FlushAsync(bucket, new LogAppend { HardState = hardState, InstalledSnapshot = snapshot.LastEntry });
        return state with { HardState = hardState, CompactedTo = snapshot.LastEntry, Entries = [] };
    }

    /// <summary>Finishes the removal of buckets that a crash cut short. A snapshot that arrived for a bucket without any log goes too: it was never acknowledged.</summary>
    private async ValueTask RemoveOrphanedSnapshotsAsync()
    {
        var known = _log.ListBuckets().Select(summary => summary.Bucket).ToHashSet();
        foreach (var bucket in _snapshots.ListBuckets().Where(bucket => !known.Contains(bucket)))
        {
            await _snapshots.RemoveAsync(bucket);
        }
    }

    private void RequireSnapshots()
    {
        foreach (var bucket in _log.ListBuckets())
        {
            var covered = _snapshots.Newest(bucket.Bucket)?.Metadata.Index ?? LogIndex.None;
            if (covered < bucket.CompactedTo.Index)
            {
                throw new CorruptionException(
                    _snapshots.DirectoryOf(bucket.Bucket), 0, $"a snapshot of bucket {bucket.Bucket} at index {bucket.CompactedTo.Index} or above", $"{covered} at most");
            }
        }
    }
}
