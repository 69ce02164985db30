using System.Net;
using System.Net.Sockets;
using OrleansStore.Verification.Nemesis.Links;

namespace OrleansStore.Verification.Tests.Nemesis.Support;

/// <summary>A proxy with one connection through it.</summary>
internal sealed class TestLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    private TestLink(LinkConditions conditions)
    {
        _listener.Start();
        Proxy = new LinkProxy((IPEndPoint)_listener.LocalEndpoint, conditions, new SplitMix64(7), TimeProvider.System);
    }

    public LinkProxy Proxy { get; }

    public TestEnd Dialler { get; private set; } = null!;

    public TestEnd Accepted { get; private set; } = null!;

    public static async Task<TestLink> ConnectAsync(LinkConditions conditions)
    {
        var link = new TestLink(conditions);
        var accepting = link.AcceptAsync();
        link.Dialler = await TestEnd.DialAsync(link.Proxy.Address);
        link.Accepted = await accepting;
        return link;
    }

    public async Task<TestEnd> AcceptAsync() => new(await _listener.AcceptSocketAsync().WaitAsync(TimeSpan.FromSeconds(20)));

    public async ValueTask DisposeAsync()
    {
        Dialler.Dispose();
        Accepted.Dispose();
        await Proxy.DisposeAsync();
        _listener.Dispose();
    }
}
