using OrleansStore.Datacenters.Identity;
using OrleansStore.Datacenters.Links;
using OrleansStore.Embedded.Testing;
using OrleansStore.Placement;
using OrleansStore.Storage.Folders;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Embedded.Tests.Harness;

/// <summary>Datacenters that form a store: folders on disks in memory, links, the formation; processes that are killed and started, in virtual time.</summary>
internal sealed class VirtualStore
{
    private readonly ulong _seed;
    private ulong _starts;

    public VirtualStore(int count, ulong seed = 1)
    {
        _seed = seed;
        Network = new MemoryPeerNetwork(World, TimeSpan.FromMilliseconds(2));
        Nodes = [.. Enumerable.Range(1, count).Select(number => new Node(number, EmptyDisk(seed + (ulong)number)))];
    }

    public VirtualWorld World { get; } = new();

    public MemoryPeerNetwork Network { get; }

    public Node[] Nodes { get; }

    public Node this[int number] => Nodes[number - 1];

    public static Topology Topology(int count, int buckets = 64, int primary = 0) => Placement.Topology.Create(new TopologyDraft
    {
        Datacenters = [.. Enumerable.Range(1, count).Select(number => new Datacenter(Identities.Dc(number), $"dc{number}"))],
        BucketCount = buckets,
        PrimaryDatacenter = Identities.Dc(primary),
    });

    /// <summary>A disk on which the operator has made the folder that <c>--data</c> names.</summary>
    public static MemoryDisk EmptyDisk(ulong seed)
    {
        var disk = new MemoryDisk(seed);
        disk.Put("data/.keep", []);
        return disk;
    }

    public void StartAll()
    {
        foreach (var node in Nodes)
        {
            Start(node);
        }
    }

    /// <summary>Starts a process on the node's disk; what it fails with is in <see cref="Node.Failure"/>.</summary>
    public void Start(Node node, Topology? topology = null)
    {
        var process = World.CreateProcess($"dc{node.Number}");
        var random = new SplitMix64((_seed * 1000) + ++_starts);
        (node.Process, node.Formation, node.Links, node.Failure) = (process, null, null, null);
        node.Running = process.Start(async () =>
        {
            try
            {
                await RunAsync(node, process, random, topology ?? Topology(Nodes.Length));
            }
            catch (Exception exception)
            {
                node.Failure = exception;
            }
        });
    }

    /// <summary>Kills the node's process; its disk keeps what it has.</summary>
    public void Kill(Node node)
    {
        node.Process!.Pause();
        Network.Kill(Identities.Dc(node.Number));
        node.Disk.KillProcess();
    }

    public bool AllFormed() => Nodes.All(node => node.Formation?.Own.HoldsStore == true && node.Formation.Formed.IsCompletedSuccessfully);

    public void RunUntilFormed(double seconds = 10)
    {
        try
        {
            World.RunUntil(AllFormed, TimeSpan.FromSeconds(seconds));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException(
                string.Join("; ", Nodes.Select(node => $"dc{node.Number}: {node.Formation?.Own.Phase} {node.Formation?.WaitsFor} {node.Failure} {string.Join(", ", node.Links?.Status().Select(status => status.Reason) ?? [])}")),
                exception);
        }
    }

    private async Task RunAsync(Node node, VirtualProcess process, SplitMix64 random, Topology topology)
    {
        var folder = await DataFolder.OpenAsync(node.Disk, $"data/dc{node.Number}");
        node.Formation = await StoreFormation.OpenAsync(node.Disk, folder, topology, Identities.Dc(node.Number), random.Fork(), node.Logger);
        var peers = topology.Datacenters.Where(datacenter => datacenter.Id != Identities.Dc(node.Number)).Select(datacenter => new PeerName(datacenter.Id, datacenter.Name)).ToArray();
        var environment = new LinkEnvironment(process.Scheduler, process.Time, random, node.Logger);
        node.Links = new PeerLinks(peers, Network.Listen(Identities.Dc(node.Number), process), node.Formation, new LinkOptions(), environment);
        node.Links.Start(node.Handler);
        await node.Formation.Formed;
    }

    public sealed class Node(int number, MemoryDisk disk)
    {
        public int Number => number;

        public MemoryDisk Disk { get; set; } = disk;

        public VirtualProcess? Process { get; set; }

        public StoreFormation? Formation { get; set; }

        public PeerLinks? Links { get; set; }

        public Task? Running { get; set; }

        public Exception? Failure { get; set; }

        public RecordingHandler Handler { get; } = new();

        public RecordingLogger Logger { get; } = new();
    }
}
