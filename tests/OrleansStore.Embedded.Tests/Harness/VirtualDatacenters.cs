using System.Security.Claims;
using OrleansStore.Datacenters;
using OrleansStore.Embedded.Testing;
using OrleansStore.Service;
using OrleansStore.Service.Engine;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Embedded.Tests.Harness;

/// <summary>Whole datacenters of the embedded engine in virtual time: formation, links, router, buckets and storage as in production, over disks and sockets in memory.</summary>
internal sealed class VirtualDatacenters
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly VirtualProcess[] _processes;
    private readonly StoreDatacenter?[] _datacenters;
    private readonly Task[] _starts;

    public VirtualDatacenters(int count, ulong seed)
    {
        var network = new MemoryPeerNetwork(World, TimeSpan.FromMilliseconds(2));
        var names = Enumerable.Range(1, count).Select(number => $"dc{number}").ToArray();
        _processes = [.. names.Select(name => World.CreateProcess(name))];
        _datacenters = new StoreDatacenter[count];
        _starts = new Task[count];
        for (var i = 0; i < count; i++)
        {
            Start(i, names, network, seed);
        }

        RunUntil(() => _datacenters.All(datacenter => datacenter?.Store.NotReadyReason is null && datacenter is not null));
    }

    public VirtualWorld World { get; } = new();

    /// <summary>Runs a call in the process of a datacenter, to its end.</summary>
    public T Run<T>(int number, Func<IStoreService, RequestContext, ValueTask<T>> call)
    {
        var result = default(T);
        Run(number, async datacenter => result = await call(datacenter.Store, new RequestContext(TimeSpan.FromSeconds(5), new ClaimsPrincipal())));
        return result!;
    }

    /// <summary>Stops all, one after the other.</summary>
    public void Stop()
    {
        for (var number = 1; number <= _datacenters.Length; number++)
        {
            Run(number, datacenter => datacenter.StopAsync(TimeSpan.FromSeconds(5)));
        }
    }

    private void Start(int index, string[] names, MemoryPeerNetwork network, ulong seed)
    {
        var process = _processes[index];
        var id = Identities.Dc(index + 1);
        var disk = new MemoryDisk(seed + (ulong)index);
        disk.Put("/data/.keep", []);
        var options = new DatacenterOptions { Datacenter = names[index], Datacenters = names, DataDirectory = "/data" };
        var environment = new DatacenterEnvironment(process.Time, new RecordingLogger())
        {
            Random = new SplitMix64((seed * 1000) + (ulong)index),
            Files = disk,
            Scheduler = process.Scheduler,
        };
        _starts[index] = process.Start(async () =>
            _datacenters[index] = await StoreDatacenter.StartAsync(options, _ => Task.FromResult(network.Listen(id, process)), new OpenGate(), environment));
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
