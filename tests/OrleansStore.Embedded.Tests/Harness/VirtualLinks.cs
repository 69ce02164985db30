using OrleansStore.Datacenters.Identity;
using OrleansStore.Datacenters.Links;
using OrleansStore.Embedded.Testing;
using OrleansStore.Service.Peers;

namespace OrleansStore.Embedded.Tests.Harness;

/// <summary>Datacenters with links between all of them, in virtual time.</summary>
internal sealed class VirtualLinks
{
    public static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(5);

    private readonly ulong _seed;

    private readonly Func<int, LinkOptions> _optionsOf;

    public VirtualLinks(int count, Func<int, LinkOptions>? options = null, ulong seed = 1, Func<int, TimeSpan>? skew = null, Func<int, PeerIdentity>? identity = null)
    {
        _seed = seed;
        _optionsOf = options ?? (_ => Options);
        Network = new MemoryPeerNetwork(World, Latency);
        Nodes = [.. Enumerable.Range(1, count).Select(Create)];
        foreach (var node in Nodes)
        {
            Start(node);
        }

        Node Create(int number) =>
            new(number, World.CreateProcess($"dc{number}", skew?.Invoke(number) ?? default), identity?.Invoke(number) ?? Identities.Member(number, count));
    }

    public LinkOptions Options { get; } = new();

    public VirtualWorld World { get; } = new();

    public MemoryPeerNetwork Network { get; }

    public Node[] Nodes { get; }

    public Node this[int number] => Nodes[number - 1];

    public void Start(Node node)
    {
        var random = new SplitMix64(_seed + (ulong)node.Number);
        var environment = new LinkEnvironment(node.Process.Scheduler, node.Process.Time, random, node.Logger);
        node.Links = new PeerLinks(
            Identities.PeersOf(node.Number, Nodes.Length), Network.Listen(Identities.Dc(node.Number), node.Process), node.Exchange, _optionsOf(node.Number), environment);
        node.Links.Start(node.Handler);
    }

    public void Stop(Node node)
    {
        var disposing = node.Process.Start(async () => await node.Links.DisposeAsync());
        World.RunUntil(() => disposing.IsCompleted, TimeSpan.FromSeconds(5));
        Assert.True(disposing.IsCompletedSuccessfully, disposing.Exception?.ToString());
    }

    public LinkState State(int from, int to) => this[from].Links.StateOf(Identities.Dc(to));

    public LinkStatus Status(int from, int to) => this[from].Links.Status().Single(status => status.Peer == Identities.Dc(to));

    public bool AllUp() => Nodes.All(node => node.Links.Status().All(status => status.State == LinkState.Up));

    public void RunUntilAllUp(double seconds = 3)
    {
        try
        {
            World.RunUntil(AllUp, TimeSpan.FromSeconds(seconds));
        }
        catch (TimeoutException exception)
        {
            var reasons = Nodes.SelectMany(node => node.Links.Status().Select(status => $"dc{node.Number} - dc{status.Peer} {status.State}: {status.Reason}"));
            var defects = Nodes.Where(node => node.Links.Completion.IsFaulted).Select(node => node.Links.Completion.Exception);
            throw new TimeoutException(string.Join("; ", reasons.Concat(defects.Select(defect => $"{defect}"))), exception);
        }
    }

    public sealed class Node(int number, VirtualProcess process, PeerIdentity identity)
    {
        public int Number => number;

        public VirtualProcess Process => process;

        public FixedExchange Exchange { get; set; } = new(identity);

        public RecordingHandler Handler { get; } = new();

        public RecordingLogger Logger { get; } = new();

        public PeerLinks Links { get; set; } = null!;
    }
}
