using System.Net;

namespace OrleansStore.Verification.Nemesis.Links;

/// <summary>A proxy for every ordered pair of datacenters: whoever dials whom, the bytes pass here. Safe for concurrent use.</summary>
internal sealed class LinkMesh : IAsyncDisposable
{
    private readonly LinkProxy?[,] _proxies;

    /// <param name="peers">Where each datacenter listens for its peers.</param>
    /// <param name="conditions">What all links are like.</param>
    /// <param name="random">For jitter.</param>
    /// <param name="time">The clock.</param>
    public LinkMesh(IReadOnlyList<IPEndPoint> peers, LinkConditions conditions, SplitMix64 random, TimeProvider time)
    {
        Count = peers.Count;
        _proxies = new LinkProxy?[Count, Count];
        foreach (var (from, to) in Pairs())
        {
            _proxies[from, to] = new LinkProxy(peers[to], conditions, random.Fork(), time);
        }
    }

    /// <summary>How many datacenters there are.</summary>
    public int Count { get; }

    /// <summary>Where <paramref name="from"/> has to dial to reach <paramref name="to"/>.</summary>
    public IPEndPoint Address(int from, int to) => _proxies[from, to]!.Address;

    /// <summary>From now on no byte of one datacenter reaches another; nothing is reset.</summary>
    public void Hold(int from, int to)
    {
        _proxies[from, to]!.Forward.Close();
        _proxies[to, from]!.Backward.Close();
    }

    /// <summary>Lets the bytes that <see cref="Hold"/> held go on.</summary>
    public void Release(int from, int to)
    {
        _proxies[from, to]!.Forward.Open();
        _proxies[to, from]!.Backward.Open();
    }

    /// <summary>Resets the connections of two datacenters and refuses new ones.</summary>
    public void Cut(int one, int other)
    {
        _proxies[one, other]!.Cut();
        _proxies[other, one]!.Cut();
    }

    /// <summary>Heals everything.</summary>
    public void Restore()
    {
        foreach (var (from, to) in Pairs())
        {
            _proxies[from, to]!.Restore();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (from, to) in Pairs())
        {
            await _proxies[from, to]!.DisposeAsync().ConfigureAwait(false);
        }
    }

    private IEnumerable<(int From, int To)> Pairs() =>
        from one in Enumerable.Range(0, Count) from other in Enumerable.Range(0, Count) where one != other select (one, other);
}
