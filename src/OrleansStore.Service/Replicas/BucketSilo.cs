using System.Collections.Concurrent;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Diagnostics;
using OrleansStore.Placement;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Peers;
using OrleansStore.Storage;

namespace OrleansStore.Service.Replicas;

/// <summary>All buckets of one process: it brings them into memory when they are wanted, ticks those that are awake, and connects them with storage, links and callers.</summary>
/// <remarks>Knows no engine: everything outside comes through <see cref="SiloEnvironment"/>. Safe for concurrent use.</remarks>
public sealed partial class BucketSilo : IBucketClient, IPeerHandler, ILogCompletions, IAsyncDisposable
{
    private readonly SiloEnvironment _environment;
    private readonly ConcurrentDictionary<BucketId, BucketHost> _hosts = new();

    // Hosts that get ticks. A bucket that sleeps is not here and costs nothing.
    private readonly ConcurrentDictionary<BucketId, BucketHost> _active = new();

    // The same, for the pass of every tick: a dictionary that once was large stays slow to walk.
    private BucketHost[] _ticked = [];
    private volatile bool _isTickedStale;
    private readonly ConcurrentDictionary<Task, bool> _background = new();
    private readonly Lock _gate = new();

    // Buckets that payloads of the links, and completions of the log, have called to a turn.
    private readonly TurnGroup _received;
    private readonly TurnGroup _completed;
    private IReplicaStorage? _storage;
    private ITimer? _timer;
    private readonly CancellationTokenSource _stopping = new();
    private volatile bool _isStopping;
    private volatile Surroundings _surroundings;

    /// <summary>Creates a silo that does not serve yet.</summary>
    /// <param name="environment">The ports.</param>
    /// <param name="options">How buckets behave.</param>
    /// <exception cref="ArgumentException">The options contradict themselves; the message holds all mistakes.</exception>
    public BucketSilo(SiloEnvironment environment, SiloOptions options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        var mistakes = options.Validate();
        if (mistakes.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', mistakes), nameof(options));
        }

        _environment = environment;
        _logger = environment.Logger;
        Options = options;

        // Not from 1: a peer may still hold transfers and calls of a process that ran here before, and answer them to this one.
        var start = environment.Random.NextUInt64();
        _lastTransfer = start >> 1;
        var firstCall = new SplitMix64(start).NextUInt64();
        _callTag = environment.CallTag ?? CallId.TagOf(firstCall);
        _lastCall = (uint)firstCall;
        Messenger = new PeerMessenger(environment.Links, environment.Placement.Topology.Epoch);
        Metrics = new SiloMetrics(
            environment.Placement.Topology.Datacenters.Single(datacenter => datacenter.Id == environment.Local).Name,
            CountReplicas,
            () => _hosts.Values.Sum(static host => (long)host.QueuedRequests),
            () => _storage?.Statistics);
        _received = new TurnGroup(this);
        _completed = new TurnGroup(this);
        _surroundings = Surroundings.Observe(null, environment, MayLead, refusesWritesWith: null);
    }

    /// <inheritdoc/>
    public DatacenterId Local => _environment.Local;

    /// <inheritdoc/>
    public MonotonicTime Now => new(_environment.Time.GetElapsedTime(0).Ticks);

    /// <inheritdoc/>
    public WallTime Wall => new(_environment.Time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>How buckets behave.</summary>
    public SiloOptions Options { get; }

    /// <summary>Whether this datacenter may lead: its clock agrees with the others' and it is not being stopped.</summary>
    public bool MayLead { get; private set; } = true;

    /// <summary>Ends what waits for storage when the silo does.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    internal PlacementMap Placement => _environment.Placement;

    internal IMemberDirectory Members => _environment.Members;

    internal IActivationGate Gate => _environment.Gate;

    internal PeerMessenger Messenger { get; }

    internal SiloMetrics Metrics { get; }

    internal IReplicaStorage Storage => _storage ?? throw new InvalidOperationException("The silo was not started.");

    internal StoreException? StorageFailure => _storage?.Failure;

    /// <summary>What lies outside the buckets, as of the last look.</summary>
    internal Surroundings Surroundings => _surroundings;

    private WriteStatus? RefusesWritesWith => _storage is { Space: not DiskSpaceState.Ample } ? WriteStatus.DiskFull : null;

    /// <summary>Starts to serve.</summary>
    /// <param name="storage">Opened with this silo as its <see cref="ILogCompletions"/>; it must outlive the silo.</param>
    public void Start(IReplicaStorage storage)
    {
        Invariant.Check(_storage is null, "a silo is started once");
        _storage = storage;
        LookAround();
        foreach (var summary in storage.ListBuckets())
        {
            _stored[summary.Bucket] = summary;
            Schedule(summary.Bucket, StoredTimes.ToWallTime(summary.DueTime));
        }

        if (Placement.Topology.Datacenters.Any(datacenter => Members.Current(datacenter.Id) != Members.Founding(datacenter.Id)))
        {
            // Who woke the buckets for it before may have ended before they took it in.
            OnMembersChanged();
        }

        _timer = _environment.Time.CreateTimer(_ => Tick(), null, Options.Raft.TickInterval, Options.Raft.TickInterval);
    }

    /// <inheritdoc/>
    public bool IsReachable(DatacenterId datacenter) => datacenter == Local || _environment.Links.StateOf(datacenter) == LinkState.Up;

    /// <summary>What the local replica of a bucket knows; null where none was in memory since the start.</summary>
    public ReplicaStatus? StatusOf(BucketId bucket) => _hosts.TryGetValue(bucket, out var host) ? host.LastStatus : null;

    /// <summary>Why the local replica of a bucket has stopped; null while it works.</summary>
    public Exception? FailureOf(BucketId bucket) => _hosts.TryGetValue(bucket, out var host) ? host.Failure : null;

    /// <summary>Whether the local replica of a bucket is in memory.</summary>
    public bool IsActive(BucketId bucket) => _active.ContainsKey(bucket);

    /// <inheritdoc/>
    public void OnCompleted(in AppendCompletion completion)
    {
        if (_hosts.TryGetValue(completion.Bucket, out var host))
        {
            host.Post(new HostInput.Completed(completion), _completed);
        }
    }

    /// <inheritdoc/>
    void ILogCompletions.OnBatchEnd() => _completed.Start();

    /// <inheritdoc/>
    public void OnCapacity() => PostToActive(new HostInput.Capacity());

    /// <inheritdoc/>
    public void OnFenced(BucketId bucket, WriterEpoch writer)
    {
        if (_hosts.TryGetValue(bucket, out var host))
        {
            host.Post(new HostInput.Fenced(writer));
        }
    }

    /// <inheritdoc/>
    public void OnFailed(StoreException reason)
    {
        LogStorageFailed(reason);
        foreach (var host in _hosts.Values)
        {
            host.Post(new HostInput.Failed(reason));
        }
    }

    /// <summary>Takes in what has changed outside the buckets.</summary>
    private void LookAround()
    {
        lock (_gate)
        {
            _surroundings = Surroundings.Observe(_surroundings, _environment, MayLead, RefusesWritesWith);
        }
    }

    internal ReplicaTime ReadTime() => new(Now, Wall);

    internal IRandomSource ForkRandom()
    {
        lock (_gate)
        {
            return new SplitMix64(_environment.Random.NextUInt64());
        }
    }

    internal void RunTurn(IThreadPoolWorkItem turn)
    {
        if (_environment.Scheduler == TaskScheduler.Default)
        {
            ThreadPool.UnsafeQueueUserWorkItem(turn, preferLocal: false);
        }
        else
        {
            Run(turn.Execute);
        }
    }

    internal void Run(Action turn) =>
        Task.Factory.StartNew(turn, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _environment.Scheduler);

    /// <summary>Starts work that may block for long. It is kept until it ends, and stopping waits for it.</summary>
    internal void RunInBackground(Func<Task> work)
    {
        var task = Task.Factory.StartNew(ObserveAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _environment.BackgroundScheduler).Unwrap();
        _background[task] = true;
        task.ContinueWith(
            ended => _background.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, _environment.BackgroundScheduler);

        async Task ObserveAsync()
        {
            try
            {
                await work();
            }
            catch (Exception reason)
            {
                // The edge of a driver task. Works that can tell somebody catch what concerns them; this is the rest.
                LogBackgroundFailed(reason);
            }
        }
    }

    internal void OnHostActivated(BucketHost host)
    {
        _active[host.Bucket] = host;
        _isTickedStale = true;
    }

    internal void OnHostDeactivated(BucketHost host)
    {
        _active.TryRemove(host.Bucket, out _);
        _isTickedStale = true;
    }

    internal void OnHostNotLoaded(BucketHost host, StoreException reason) => LogBucketNotLoaded(host.Bucket, reason.Message);

    internal void OnHostTaken(BucketHost host) => LogBucketTaken(host.Bucket);

    internal void OnHostFailed(BucketHost host, Exception reason)
    {
        OnHostDeactivated(host);
        LogBucketFailed(host.Bucket, reason);
    }

    /// <summary>Returns the host of a bucket that has a replica here; null for others.</summary>
    private BucketHost? HostOf(BucketId bucket)
    {
        if (_hosts.TryGetValue(bucket, out var host))
        {
            return host;
        }

        if (_storage is null || bucket.SplitGeneration != 0 || bucket.Number >= (uint)Placement.Topology.BucketCount.Value
            || !Placement.DatacentersOf(bucket).Contains(Local))
        {
            return null;
        }

        return _hosts.GetOrAdd(bucket, static (id, silo) => new BucketHost(silo, id), this);
    }

    private void PostToActive(HostInput input)
    {
        foreach (var (_, host) in _active)
        {
            host.Post(input);
        }
    }
}
