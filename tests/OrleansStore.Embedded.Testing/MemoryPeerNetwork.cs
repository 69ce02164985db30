using OrleansStore.Datacenters.Links;
using OrleansStore.Service.Peers;

namespace OrleansStore.Embedded.Testing;

/// <summary>A network in memory: connections with latency, and lines that can be dead in one direction or both.</summary>
/// <remarks>As with TCP, what is sent on a dead line is not lost while the connection stands: it arrives when the line lives again. A connection that one side
/// aborted
/// on a dead line stands on the other side until that gives up by itself.</remarks>
/// <param name="world">Where time passes.</param>
/// <param name="latency">How long bytes travel, one way.</param>
public sealed class MemoryPeerNetwork(VirtualWorld world, TimeSpan latency)
{
    private readonly Dictionary<DatacenterId, MemoryPeerTransport> _listeners = [];
    private readonly HashSet<(DatacenterId From, DatacenterId To)> _dead = [];
    private readonly HashSet<(DatacenterId From, DatacenterId To)> _bulkDead = [];
    private readonly List<MemoryWire> _wires = [];

    internal VirtualWorld World => world;

    internal TimeSpan Latency => latency;

    /// <summary>Bytes that have arrived anywhere.</summary>
    public long DeliveredBytes { get; internal set; }

    /// <summary>Starts to listen for a datacenter.</summary>
    public IPeerTransport Listen(DatacenterId datacenter, VirtualProcess process)
    {
        var transport = new MemoryPeerTransport(this, datacenter, process);
        _listeners.Add(datacenter, transport);
        return transport;
    }

    /// <summary>Makes the line from one datacenter to another carry nothing.</summary>
    public void Cut(DatacenterId from, DatacenterId to) => _dead.Add((from, to));

    /// <summary>Makes the bulk connections from one datacenter to another carry nothing.</summary>
    public void CutBulk(DatacenterId from, DatacenterId to) => _bulkDead.Add((from, to));

    /// <summary>Makes the line carry again; what waited on it goes on.</summary>
    public void Heal(DatacenterId from, DatacenterId to)
    {
        _dead.Remove((from, to));
        _bulkDead.Remove((from, to));
        foreach (var wire in _wires)
        {
            wire.Wake();
        }
    }

    /// <summary>The process of a datacenter dies: its listener is gone, its connections are reset. The caller pauses the process, for good.</summary>
    public void Kill(DatacenterId datacenter)
    {
        _listeners.Remove(datacenter);
        foreach (var wire in _wires.Where(wire => wire.Touches(datacenter)).ToList())
        {
            wire.AbortWriting();
            _wires.Remove(wire);
        }
    }

    internal bool IsDead(DatacenterId from, DatacenterId to, LinkClass linkClass) =>
        _dead.Contains((from, to)) || (linkClass == LinkClass.Bulk && _bulkDead.Contains((from, to)));

    internal MemoryPeerTransport? Find(DatacenterId datacenter) => _listeners.GetValueOrDefault(datacenter);

    internal void Remove(DatacenterId datacenter) => _listeners.Remove(datacenter);

    internal void Add(MemoryWire wire) => _wires.Add(wire);
}
