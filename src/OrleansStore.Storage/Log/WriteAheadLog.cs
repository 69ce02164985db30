using OrleansStore.Storage.Space;

namespace OrleansStore.Storage.Log;

/// <summary>The write-ahead log that all buckets of a silo share: one write and one fsync make durable what all of them queued meanwhile.</summary>
/// <remarks>
/// <para>Callers encode their records into the filling buffer under a short lock. One loop, on the scheduler that was passed in, takes that buffer, gives the callers
/// the other one, writes, syncs, applies the records to the index, and reports. At most one sync is in flight; whatever arrives meanwhile is the next batch.</para>
/// <para>Invariants: (1) the index tells durable state only: records are applied after their sync. (2) Only the loop changes the index and the segment list,
/// under the lock, so the loop reads them without it. (3) After a failure nothing is written any more and every append, queued or later, fails with the first reason.</para>
/// </remarks>
internal sealed partial class WriteAheadLog : IAsyncDisposable
{
    // A fast disk could write through the whole reserve within one interval.
    private const long SpaceCheckBytes = 16L << 20;

    private readonly LogEnvironment _environment;
    private readonly SegmentFactory _factory;
    private readonly DiskSpaceMonitor _monitor;
    private readonly AsyncSignal _signal = new();
    private readonly ITimer _idleTimer;
    private readonly Task _loop;
    private readonly byte[] _zeros;

    // Guards everything below that is not marked otherwise.
    private readonly Lock _gate = new();
    private readonly Dictionary<BucketId, BucketLog> _buckets;
    private readonly List<SegmentFile> _segments;
    private BatchBuffer _filling = new();
    private BatchBuffer _writing = new();
    private StoreException? _failure;
    private bool _isThrottled;
    private bool _isStopping;
    private bool _isWriting;
    private StorageStatistics _statistics;

    // Read and written by the loop only.
    private readonly BatchBuffer _own = new();
    private readonly Queue<SegmentFile> _dropped = [];
    private SegmentFile _active;
    private ulong _nextSequence;
    private ulong _firstSegment;
    private ulong _publishedFirstSegment;
    private long _zeroedTo;
    private bool _isSealed;

    private volatile bool _isSealDue;
    private volatile string? _impediment;
    private volatile DiskSpaceState _space = DiskSpaceState.Ample;
    private long _spaceCheckedAt;
    private long _bytesSinceSpaceCheck;

    private WriteAheadLog(LogEnvironment environment, SegmentFactory factory, RecoveredSegments recovered)
    {
        _environment = environment;
        _factory = factory;
        _buckets = recovered.Buckets;
        _segments = recovered.Segments;
        _active = _segments[^1];
        _nextSequence = recovered.NextSequence;
        _firstSegment = _publishedFirstSegment = recovered.FirstSegment;
        _isSealed = _active.End == SegmentHeader.SizeBytes;
        TornTail = recovered.TornTail;
        _zeros = new byte[environment.Options.ZeroAheadBytes];
        _monitor = new DiskSpaceMonitor(environment.Options.ReservePercent, environment.Options.MinReserveBytes);
        _idleTimer = environment.Time.CreateTimer(
            static state => ((WriteAheadLog)state!).OnIdle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loop = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, environment.Scheduler).Unwrap();
    }

    /// <summary>What recovery cut; null if nothing was.</summary>
    public TornTail? TornTail { get; }

    public DiskSpaceState Space => _space;

    /// <summary>Why the log makes nothing durable at present although it has not failed; null while it works.</summary>
    public string? Impediment => _impediment;

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

    public StorageStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return _statistics with
                {
                    QueuedBytes = _filling.PayloadBytes,
                    Segments = _segments.Count,
                    LogBytes = LogBytes(),
                    LiveBytes = LiveBytes(),
                    Buckets = _buckets.Count,
                };
            }
        }
    }

    /// <summary>Recovers the log and starts its loop.</summary>
    public static async ValueTask<WriteAheadLog> OpenAsync(LogEnvironment environment)
    {
        var factory = new SegmentFactory(environment.Files, environment.Directory, environment.Identity);
        var recovered = await new LogRecovery(environment.Files, environment.Directory, factory).RunAsync();
        var log = new WriteAheadLog(environment, factory, recovered);
        await log.CheckSpaceAsync();
        return log;
    }

    /// <summary>Queues an append of a writer; see <see cref="IReplicaLog.TryAppend"/>.</summary>
    public AppendStatus TryAppend(ILogWriter writer, in LogAppend append, ulong token, long sizeBytes)
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

            if (_space == DiskSpaceState.Critical && !append.Entries.IsEmpty)
            {
                return AppendStatus.DiskFull;
            }

            if (_filling.PayloadBytes > 0 && _filling.PayloadBytes + sizeBytes > _environment.Options.MaxBatchBytes)
            {
                _isThrottled = true;
                return AppendStatus.Throttled;
            }

            _filling.Add(writer.Bucket, append);
            _filling.AddCompletion(new QueuedCompletion(writer.Bucket, writer.Writer, token, Barrier: null));
        }

        _signal.Set();
        return AppendStatus.Queued;
    }

    /// <summary>Waits until everything queued before is durable and, with an append, until that is durable too. Not subject to throttling.</summary>
    /// <exception cref="StoreException">The log failed or was closed.</exception>
    public Task FlushAsync(BucketId bucket, LogAppend? append)
    {
        TaskCompletionSource barrier;
        lock (_gate)
        {
            if (_failure is not null || _isStopping)
            {
                return Task.FromException(_failure ?? Closed());
            }

            if (append is { } records)
            {
                _filling.Add(bucket, records);
            }
            else if (_filling.IsEmpty && !_isWriting)
            {
                return Task.CompletedTask;
            }

            barrier = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _filling.AddCompletion(new QueuedCompletion(bucket, default, 0, barrier));
        }

        _signal.Set();
        return barrier.Task;
    }

    /// <summary>Fails the log from outside: a sync of the snapshot store failed, and storage lives or dies as one.</summary>
    public void Poison(StoreException reason)
    {
        lock (_gate)
        {
            _failure ??= reason;
        }

        _signal.Set();
    }

    /// <summary>Measures the room on the volume.</summary>
    public async ValueTask<DiskSpaceState> CheckSpaceAsync()
    {
        var space = await _environment.Files.GetSpaceAsync(_environment.Directory);
        lock (_gate)
        {
            _spaceCheckedAt = _environment.Time.GetTimestamp();
            _bytesSinceSpaceCheck = 0;
            return _space = _monitor.Update(space);
        }
    }

    /// <summary>Makes durable what is queued, leaves an empty newest segment whose header vouches for the one before, and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isStopping = true;
        }

        _signal.Set();
        await _loop;
        await _idleTimer.DisposeAsync();
    }

    private bool IsSpaceCheckDue()
    {
        lock (_gate)
        {
            return _bytesSinceSpaceCheck >= SpaceCheckBytes || _environment.Time.GetElapsedTime(_spaceCheckedAt) >= _environment.Options.SpaceCheckInterval;
        }
    }

    private static StoreException Closed() => new(ErrorCode.Closed, "The storage was closed.");

    private void OnIdle()
    {
        _isSealDue = true;
        _signal.Set();
    }

    private long LogBytes()
    {
        var bytes = 0L;
        foreach (var segment in _segments)
        {
            bytes += segment.End;
        }

        return bytes;
    }

    private long LiveBytes()
    {
        var bytes = 0L;
        foreach (var segment in _segments)
        {
            bytes += segment.LiveBytes;
        }

        return bytes;
    }
}
