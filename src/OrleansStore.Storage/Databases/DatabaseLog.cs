using Microsoft.Extensions.Logging;
using OrleansStore.Consensus;
using OrleansStore.Storage.Log;

namespace OrleansStore.Storage.Databases;

/// <summary>The log of all buckets of a silo on a database: one statement and one commit make durable what all of them queued meanwhile.</summary>
/// <remarks>
/// <para>At most one flush is under way; whatever arrives meanwhile is the next. A flush has a number and takes effect at most once per bucket, so that it may be repeated when nobody
/// knows what became of it: 1. the connection is dropped, 2. what is stored under the epoch is read again, after whatever the old connection was doing has ended, 3. only what is missing is
/// sent once more.</para>
/// <para>Invariants: (1) an append is reported durable only after the commit that holds it was confirmed, or was found. (2) A bucket whose writer was superseded fails alone. (3) While the
/// database is away nothing fails: appends wait in a bounded queue. (4) After a failure that no repetition heals everything fails with the first reason.</para>
/// </remarks>
internal sealed partial class DatabaseLog : IAsyncDisposable
{
    private readonly DatabaseEnvironment _environment;
    private readonly SiloClaim _claim;
    private readonly ILogCompletions _completions;
    private readonly IFlushObserver _observer;
    private readonly ILogger _logger;
    private readonly AsyncSignal _signal = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly Task _loop;

    // Guards what follows.
    private readonly Lock _gate = new();
    private AppendBatch _filling = new();
    private AppendBatch _writing = new();
    private List<ReplicaWriter> _releases = [];
    private StoreException? _failure;
    private bool _isThrottled;
    private bool _isStopping;
    private bool _isWriting;
    private StorageStatistics _statistics;

    private volatile string? _impediment;
    private volatile bool _isDiskFull;

    /// <param name="environment">The database, and the rest of the outside.</param>
    /// <param name="claim">The claim under which writers speak.</param>
    /// <param name="completions">Where appends are reported.</param>
    /// <param name="observer">Hears of each bucket's part of a flush.</param>
    public DatabaseLog(DatabaseEnvironment environment, SiloClaim claim, ILogCompletions completions, IFlushObserver observer)
    {
        _environment = environment;
        _claim = claim;
        _completions = completions;
        _observer = observer;
        _logger = environment.Logger;
        _loop = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, environment.Scheduler).Unwrap();
    }

    public StoreException? Failure
    {
        get
        {
            lock (_gate)
            {
                return _failure ?? (_isStopping ? Closed() : null);
            }
        }
    }

    /// <summary>What keeps flushes from succeeding; null while nothing does.</summary>
    public string? Impediment => _impediment;

    /// <summary>Low while the database has no room for a flush. That flush is repeated until it has, so this heals by itself.</summary>
    public DiskSpaceState Space => _isDiskFull ? DiskSpaceState.Low : DiskSpaceState.Ample;

    public StorageStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return _statistics with { QueuedBytes = _filling.SizeBytes };
            }
        }
    }

    /// <summary>Queues an append of a writer; see <see cref="IReplicaLog.TryAppend"/>.</summary>
    public AppendStatus TryAppend(DatabaseReplicaLog writer, in LogAppend append, in AppendRules.CheckedAppend result, ulong token)
    {
        lock (_gate)
        {
            if (_failure is not null || _isStopping)
            {
                return AppendStatus.Failed;
            }

            if (!writer.IsOpen)
            {
                return AppendStatus.Fenced;
            }

            if (_filling.SizeBytes > 0 && _filling.SizeBytes + result.SizeBytes > _environment.Options.MaxBatchBytes)
            {
                _isThrottled = true;
                return AppendStatus.Throttled;
            }

            _filling.Add(writer.Key, append, result, new QueuedCompletion(writer.Bucket, writer.Writer, token, Barrier: null));
        }

        _signal.Set();
        return AppendStatus.Queued;
    }

    /// <summary>Waits until everything queued before is durable.</summary>
    /// <exception cref="StoreException">The log failed or was closed.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource barrier;
        lock (_gate)
        {
            ThrowIfFailed();
            if (_filling.IsEmpty && !_isWriting)
            {
                return;
            }

            _filling.AddBarrier(barrier = NewBarrier());
        }

        await WaitAsync(barrier, cancellationToken);
    }

    /// <summary>Writes what storage itself has to write, and waits for it. Not subject to throttling.</summary>
    /// <exception cref="StoreException">The log failed or was closed.</exception>
    public async Task AppendAsync(DatabaseReplicaLog writer, LogAppend append, AppendRules.CheckedAppend result, CancellationToken cancellationToken)
    {
        TaskCompletionSource barrier;
        lock (_gate)
        {
            ThrowIfFailed();
            _filling.Add(writer.Key, append, result, new QueuedCompletion(writer.Bucket, writer.Writer, 0, barrier = NewBarrier()));
        }

        await WaitAsync(barrier, cancellationToken);
    }

    /// <summary>Gives the hold of a writer back that was closed, soon: after what it queued is durable.</summary>
    public void Release(ReplicaWriter writer)
    {
        lock (_gate)
        {
            _releases.Add(writer);
        }

        _signal.Set();
    }

    public async ValueTask<IReadOnlyList<Entry>> ReadEntriesAsync(BucketId bucket, LogIndex first, LogIndex end, long maxBytes, CancellationToken cancellationToken) =>
        Failure is { } failure
            ? throw failure
            : await _environment.RetryAsync(token => _environment.Database.ReadEntriesAsync(bucket, first, end, maxBytes, token), cancellationToken);

    /// <summary>Fails the log for good.</summary>
    public void Poison(StoreException reason)
    {
        lock (_gate)
        {
            _failure ??= reason;
        }

        _signal.Set();
    }

    /// <summary>Makes durable what is queued, as far as that goes within <see cref="DatabaseOptions.ClosePatience"/>; the rest fails.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isStopping = true;
        }

        _signal.Set();
        await using (_environment.Time.CreateTimer(
            static abandon => ((CancellationTokenSource)abandon!).Cancel(), _abandon, _environment.Options.ClosePatience, Timeout.InfiniteTimeSpan))
        {
            await _loop;
        }

        _abandon.Dispose();
    }

    private static TaskCompletionSource NewBarrier() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitAsync(TaskCompletionSource barrier, CancellationToken cancellationToken)
    {
        _signal.Set();
        await using var registration = cancellationToken.UnsafeRegister(
            static (waiting, token) => ((TaskCompletionSource)waiting!).TrySetCanceled(token), barrier);
        await barrier.Task;
    }

    // Called under the lock.
    private void ThrowIfFailed()
    {
        if (_failure is not null || _isStopping)
        {
            throw _failure ?? Closed();
        }
    }

    private static StoreException Closed() => new(ErrorCode.Closed, "The storage was closed.");
}
