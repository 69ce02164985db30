using OrleansStore.Storage.Log;
using OrleansStore.Storage.Snapshots;

namespace OrleansStore.Storage.Databases;

/// <summary>The replica storage of one silo on a database that it may share with other silos of its datacenter; each replica has one writer at a time.</summary>
public sealed partial class DatabaseReplicaStorage : IReplicaStorage, IClaimHolder, IFlushObserver
{
    private readonly DatabaseHome _home;
    private readonly DatabaseEnvironment _environment;
    private readonly ILogCompletions _completions;
    private readonly DatabaseSnapshotStore _snapshots;
    private readonly DatabaseLog _log;

    // Guards what follows.
    private readonly Lock _gate = new();
    private readonly SortedDictionary<BucketId, BucketSummary> _summaries = [];

    // The last writer of each bucket that was opened here, closed ones included: the next one goes on where it ended.
    private readonly Dictionary<BucketId, DatabaseReplicaLog> _writers = [];

    // Those that wait for holders in other processes to end.
    private readonly Dictionary<BucketId, DatabaseReplicaLog> _waiting = [];

    // Invariant: open writers stand under this one.
    private ClaimTerm _term;

    private DatabaseReplicaStorage(DatabaseHome home, StoreIdentity identity, ILogCompletions completions)
    {
        _home = home;
        _environment = home.Environment;
        _completions = completions;
        Identity = identity;
        _term = home.Claim.Term;
        _log = new DatabaseLog(_environment, home.Claim, completions, this);
        _snapshots = new DatabaseSnapshotStore(_environment, identity.StoreId, WriterOf);
    }

    /// <inheritdoc/>
    public StoreIdentity Identity { get; }

    /// <inheritdoc/>
    public ISnapshotStore Snapshots => _snapshots;

    /// <inheritdoc/>
    public StoreException? Failure => _log.Failure;

    /// <inheritdoc/>
    public string? Impediment => _log.Impediment ?? _home.Claim.Impediment;

    /// <inheritdoc/>
    public DiskSpaceState Space => _log.Space;

    /// <inheritdoc/>
    public StorageStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return _log.Statistics with { Buckets = _summaries.Count };
            }
        }
    }

    /// <summary>Reads which buckets there are.</summary>
    /// <param name="home">The database; its identity is known. It must outlive the storage.</param>
    /// <param name="completions">Where appends are reported.</param>
    /// <exception cref="InvalidOperationException">The database was not initialised.</exception>
    /// <exception cref="CorruptionException">A snapshot that a log depends on is missing or damaged.</exception>
    /// <exception cref="StoreException">The database cannot be reached, or a snapshot is of another store.</exception>
    public static async ValueTask<DatabaseReplicaStorage> OpenAsync(DatabaseHome home, ILogCompletions completions)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(completions);
        var identity = home.Identity ?? throw new InvalidOperationException($"{home.Name} was not initialised.");
        var storage = new DatabaseReplicaStorage(home, identity, completions);
        try
        {
            await storage.RefreshAsync(CancellationToken.None);
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }

        home.Claim.Attach(storage);
        return storage;
    }

    /// <inheritdoc/>
    public ValueTask<DiskSpaceState> CheckSpaceAsync() => ValueTask.FromResult(Space);

    /// <inheritdoc/>
    public IReadOnlyList<BucketSummary> ListBuckets()
    {
        lock (_gate)
        {
            return [.. _summaries.Values];
        }
    }

    /// <inheritdoc/>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        var replicas = await _environment.RetryAsync(_environment.Database.ListAsync, cancellationToken);
        lock (_gate)
        {
            foreach (var replica in replicas)
            {
                var bucket = replica.Writer.Bucket;

                // What is open here is known better here.
                if (_writers.TryGetValue(bucket, out var writer) && writer.IsOpen)
                {
                    continue;
                }

                Take(replica);
                _snapshots.Take(replica);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<OpenedReplica> OpenAsync(BucketId bucket, CancellationToken cancellationToken)
    {
        CloseEarlier(bucket);
        await _log.FlushAsync(cancellationToken);
        while (true)
        {
            var term = _home.Claim.Term;
            var opening = await _environment.RetryAsync(token => _environment.Database.OpenReplicaAsync(bucket, term.Id, token), cancellationToken);
            if (opening is not null)
            {
                var rules = new AppendRules(bucket, _snapshots, _environment.Options.MaxBatchBytes);
                var writer = new DatabaseReplicaLog(_log, rules, opening.Replica.Writer, term);
                if (TryRegister(writer, opening, term))
                {
                    if (!writer.IsOpen)
                    {
                        throw new StoreException(ErrorCode.WriterFenced, $"A newer writer of bucket {bucket} was opened meanwhile.");
                    }

                    await DeleteLeftoversAsync(writer, cancellationToken);
                    return new OpenedReplica(writer, await LoadAsync(writer, rules, opening, cancellationToken), writer);
                }
            }

            // The claim is gone: nothing was opened, or what was opened does not count.
            await _home.Claim.WaitForNewTermAsync(term, cancellationToken);
        }
    }

    /// <summary>Writes what is queued and ends all writers; the claim stays with the home.</summary>
    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        lock (_gate)
        {
            foreach (var writer in _writers.Values)
            {
                writer.End(new StoreException(ErrorCode.Closed, "The storage was closed."));
            }

            _waiting.Clear();
        }
    }

    private void CloseEarlier(BucketId bucket)
    {
        lock (_gate)
        {
            if (_writers.TryGetValue(bucket, out var previous))
            {
                // Not Close: its hold is about to be the next writer's.
                previous.End(new StoreException(ErrorCode.WriterFenced, $"A newer writer of bucket {bucket} was opened."));
            }
        }
    }

    /// <returns>False where the claim was lost meanwhile.</returns>
    private bool TryRegister(DatabaseReplicaLog writer, ReplicaOpening opening, ClaimTerm term)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(term, _term))
            {
                return false;
            }

            _writers.TryGetValue(writer.Bucket, out var previous);
            if (previous is not null && previous.Writer.Value > writer.Writer.Value)
            {
                writer.End(new StoreException(ErrorCode.WriterFenced, $"A newer writer of bucket {writer.Bucket} was opened."));
                return true;
            }

            previous?.End(new StoreException(ErrorCode.WriterFenced, $"A newer writer of bucket {writer.Bucket} was opened."));
            _writers[writer.Bucket] = writer;
            _waiting.Remove(writer.Bucket);
            Take(opening.Replica);
            _snapshots.Take(opening.Replica);
            if (opening.HasOtherHolders)
            {
                _waiting[writer.Bucket] = writer;
                _home.Claim.Wake();
            }
            else
            {
                writer.BecomeAlone(AloneSince(previous, writer));
            }

            return true;
        }
    }

    private MonotonicTime AloneSince(DatabaseReplicaLog? previous, DatabaseReplicaLog writer)
    {
        if (previous is { IsAlone: true } && previous.Writer.Value + 1 == writer.Writer.Value)
        {
            // Nobody else has opened it in between.
            return previous.HeldSince;
        }

        // Nobody ever spoke before the first writer, and beside an exclusive claim nobody could.
        return writer.Writer.Value == 1 || _environment.Options.IsExclusive ? _home.Claim.TakenAt : _environment.Now;
    }

    private async ValueTask DeleteLeftoversAsync(DatabaseReplicaLog writer, CancellationToken cancellationToken)
    {
        try
        {
            await _environment.Database.DeleteLeftoversAsync(writer.Key, _snapshots.OpenIds(), cancellationToken);
        }
        catch (StoreException reason) when (reason.IsTransient)
        {
            // They cost room only; the next opening looks again.
        }
    }

    private async ValueTask<LogState> LoadAsync(DatabaseReplicaLog writer, AppendRules rules, ReplicaOpening opening, CancellationToken cancellationToken)
    {
        var replica = opening.Replica;
        var snapshot = _snapshots.Newest(writer.Bucket);
        RequireCovered(replica, snapshot);
        var state = new LogState(replica.HardState, replica.CompactedTo, opening.Entries, replica.DueTime, snapshot);
        rules.Start(state);
        if (snapshot is null || SnapshotInstallation.Agrees(state, snapshot.Metadata))
        {
            return state;
        }

        // A received snapshot became durable, and a crash came before the log took note.
        var hardState = SnapshotInstallation.Raise(state.HardState, snapshot.Metadata);
        var append = new LogAppend { HardState = hardState, InstalledSnapshot = snapshot.Metadata.LastEntry };
        var result = rules.Check(append);
        rules.Accept(result);
        await _log.AppendAsync(writer, append, result, cancellationToken);
        return state with { HardState = hardState, CompactedTo = snapshot.Metadata.LastEntry, Entries = [] };
    }

    private void RequireCovered(in StoredReplica replica, SnapshotDescriptor? snapshot)
    {
        var covered = snapshot?.Metadata.Index ?? LogIndex.None;
        if (covered < replica.CompactedTo.Index)
        {
            throw new CorruptionException(
                _environment.Database.Name, 0, $"a snapshot of bucket {replica.Writer.Bucket} at index {replica.CompactedTo.Index} or above", $"{covered} at most");
        }
    }

    // Called under the lock.
    private void Take(in StoredReplica replica)
    {
        if (replica.IsEmpty)
        {
            _summaries.Remove(replica.Writer.Bucket);
        }
        else
        {
            _summaries[replica.Writer.Bucket] = replica.Summary;
        }
    }

    private ReplicaWriter? WriterOf(BucketId bucket)
    {
        lock (_gate)
        {
            return _writers.TryGetValue(bucket, out var writer) ? writer.Key : null;
        }
    }
}
