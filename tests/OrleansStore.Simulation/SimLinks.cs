using OrleansStore.Service.Peers;

namespace OrleansStore.Simulation;

/// <summary>The links of one simulated datacenter: up while the peer's heartbeats arrive, down after silence.</summary>
internal sealed class SimLinks(SimCluster cluster, SimDatacenter owner) : IPeerLinks
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(700);

    private readonly SortedDictionary<int, TimeSpan> _lastHeard = [];
    private readonly HashSet<int> _up = [];

    // What peers were when they were last heard of: what they understand.
    private readonly Dictionary<int, byte> _releases = [];

    public bool TrySend(DatacenterId to, LinkClass linkClass, ReadOnlySpan<byte> payload)
    {
        if (!_up.Contains(to.Value))
        {
            return false;
        }

        cluster.Network.Send(owner, cluster[to.Value], linkClass, Math.Min(owner.Release, _releases[to.Value]), payload);
        return true;
    }

    public LinkState StateOf(DatacenterId peer) => _up.Contains(peer.Value) ? LinkState.Up : LinkState.Down;

    public string? OwnClock => null;

    public IReadOnlyList<LinkStatus> Status() => [.. _lastHeard.Keys.Select(peer => new LinkStatus(new DatacenterId((ushort)peer), StateOf(new DatacenterId((ushort)peer)), null))];

    public void Heard(int peer)
    {
        _lastHeard[peer] = cluster.World.Time;
        _releases[peer] = cluster[peer].Release;
        if (_up.Add(peer))
        {
            owner.Silo?.OnLinkChanged(new DatacenterId((ushort)peer), LinkState.Up);
        }
    }

    public void LookForSilence()
    {
        foreach (var (peer, heard) in _lastHeard)
        {
            if (cluster.World.Time - heard > Silence && _up.Remove(peer))
            {
                owner.Silo?.OnLinkChanged(new DatacenterId((ushort)peer), LinkState.Down);
            }
        }
    }
}
