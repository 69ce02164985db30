using System.Security.Claims;
using OrleansStore.Datacenters;
using OrleansStore.Datacenters.Fronts;
using OrleansStore.Embedded.Testing;
using OrleansStore.Http;
using OrleansStore.Service;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Routing;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Embedded.Tests.Harness;

/// <summary>Whole datacenters of the embedded engine in virtual time: formation, links, facade, router, buckets and storage as in production, over disks and sockets in memory.</summary>
internal sealed class VirtualDatacenters
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ulong _seed;
    private readonly int? _buckets;
    private readonly TimeSpan _diskTime;
    private readonly string[] _names;
    private readonly MemoryDisk[] _disks;
    private readonly VirtualProcess[] _processes;
    private readonly StoreDatacenter?[] _datacenters;
    private readonly StoreFacade?[] _facades;
    private readonly Task[] _starts;
    private ulong _startCount;

    /// <param name="count">How many datacenters there are.</param>
    /// <param name="seed">What all choices follow from.</param>
    /// <param name="latency">Between two of them, one way; 2 ms by default.</param>
    /// <param name="buckets">How many buckets the store gets; as many as in production by default.</param>
    /// <param name="diskTime">What a write, a sync or a read of a disk takes at most; by default it takes no time.</param>
    public VirtualDatacenters(int count, ulong seed, TimeSpan? latency = null, int? buckets = null, TimeSpan diskTime = default)
    {
        (_seed, _buckets, _diskTime) = (seed, buckets, diskTime);
        Network = new MemoryPeerNetwork(World, latency ?? TimeSpan.FromMilliseconds(2));
        _names = [.. Enumerable.Range(1, count).Select(number => $"dc{number}")];
        _disks = [.. Enumerable.Range(1, count).Select(number => new MemoryDisk(seed + (ulong)number))];
        _processes = new VirtualProcess[count];
        _datacenters = new StoreDatacenter[count];
        _facades = new StoreFacade[count];
        _starts = new Task[count];
        for (var number = 1; number <= count; number++)
        {
            _disks[number - 1].Put("/data/.keep", []);
            Start(number);
        }

        AwaitReady();
    }

    public VirtualWorld World { get; } = new();

    public MemoryPeerNetwork Network { get; }

    public int Count => _names.Length;

    /// <summary>A datacenter; null while it is down or starting.</summary>
    public StoreDatacenter? this[int number] => _datacenters[number - 1];

    /// <summary>What answers the HTTP requests of a datacenter; null while it is down or starting.</summary>
    public StoreFacade? FacadeOf(int number) => _facades[number - 1];

    public MemoryDisk DiskOf(int number) => _disks[number - 1];

    public VirtualProcess ProcessOf(int number) => _processes[number - 1];

    /// <summary>Why a start, or a datacenter that ran, has failed; null where none has.</summary>
    public Exception? Failure => Array.Find(_starts, start => start.IsFaulted)?.Exception ?? Array.Find(_datacenters, datacenter => datacenter?.Completion.IsFaulted == true)?.Completion.Exception;

    /// <summary>Starts a process on the disk of a datacenter.</summary>
    public void Start(int number)
    {
        var process = _processes[number - 1] = World.CreateProcess(_names[number - 1]);
        var options = new DatacenterOptions { Datacenter = _names[number - 1], Datacenters = _names, DataDirectory = "/data", BucketCount = _buckets };
        var environment = new DatacenterEnvironment(process.Time, new RecordingLogger())
        {
            Random = new SplitMix64((_seed * 1000) + ++_startCount),
            Files = _disks[number - 1],
            Scheduler = process.Scheduler,
        };
        SetDiskTime(number, null);
        _starts[number - 1] = process.Start(async () =>
        {
            var datacenter = await StoreDatacenter.StartAsync(options, _ => Task.FromResult(Network.Listen(Identities.Dc(number), process)), new OpenGate(), environment);
            _datacenters[number - 1] = datacenter;
            _facades[number - 1] = new StoreFacade(new FacadeContext(datacenter.Store, new HttpFacadeOptions(), process.Time, environment.Logger), CancellationToken.None);
        });
    }

    /// <summary>Sets what a write, a sync or a read of a disk takes at most, as long as the process lives; null for as long as by default.</summary>
    public void SetDiskTime(int number, TimeSpan? most)
    {
        var (time, random, clock) = (most ?? _diskTime, new SplitMix64((_seed * 2000) + ++_startCount), _processes[number - 1].Time);
        _disks[number - 1].Latency = time > TimeSpan.Zero ? _ => new ValueTask(Task.Delay(time * (random.Next(1000) / 1000.0), clock)) : null;
    }

    /// <summary>Power fails: nothing of the process runs any more, its connections are reset, and what was not synced may be lost.</summary>
    public void Kill(int number, CrashLoss loss)
    {
        Network.Kill(Identities.Dc(number));
        ProcessOf(number).Pause();
        if (_datacenters[number - 1] is { } datacenter)
        {
            // Meters are known to the whole test process: one that is not disposed of keeps everything in memory.
            datacenter.Buckets.Metrics.Dispose();
            ((StoreRouter)datacenter.Store).Dispose();
            ((SoleFront)datacenter.Front).PeerLinks.Metrics.Dispose();
        }

        _facades[number - 1]?.Dispose();
        (_datacenters[number - 1], _facades[number - 1]) = (null, null);
        _disks[number - 1].Latency = null;
        _disks[number - 1].Crash(loss);
    }

    /// <summary>Runs until all datacenters serve.</summary>
    public void AwaitReady() => RunUntil(() => Array.TrueForAll(_datacenters, datacenter => datacenter is { Store.NotReadyReason: null }));

    /// <summary>Runs a call in the process of a datacenter, to its end.</summary>
    public T Run<T>(int number, Func<IStoreService, RequestContext, ValueTask<T>> call)
    {
        var result = default(T);
        Run(number, async datacenter => result = await call(datacenter.Store, Context(TimeSpan.FromSeconds(5))));
        return result!;
    }

    public static RequestContext Context(TimeSpan timeout) => new(timeout, new ClaimsPrincipal());

    /// <summary>Stops all, one after the other.</summary>
    public void Stop()
    {
        for (var number = 1; number <= _datacenters.Length; number++)
        {
            Run(number, datacenter => datacenter.StopAsync(TimeSpan.FromSeconds(5)));
            _facades[number - 1]?.Dispose();
        }
    }

    private void Run(int number, Func<StoreDatacenter, Task> work)
    {
        var running = _processes[number - 1].Start(() => work(_datacenters[number - 1]!));
        RunUntil(() => running.IsCompleted);
        Assert.True(running.IsCompletedSuccessfully, running.Exception?.ToString());
    }

    private void RunUntil(Func<bool> condition)
    {
        try
        {
            World.RunUntil(condition, Patience);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException(string.Join("; ", _starts.Zip(_datacenters, (start, datacenter) => $"{start.Exception} {datacenter?.Store.NotReadyReason}")), exception);
        }
    }
}
