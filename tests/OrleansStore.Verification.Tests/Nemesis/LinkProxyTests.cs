using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansStore.Verification.Nemesis.Links;
using OrleansStore.Verification.Tests.Nemesis.Support;

namespace OrleansStore.Verification.Tests.Nemesis;

/// <summary>The proxy between two datacenters, on real sockets: what passes, how late, and what the ends see when it is broken.</summary>
[Trait("Category", "Integration")]
public sealed class LinkProxyTests
{
    private static readonly LinkConditions Plain = new();

    // So long nothing may arrive. Where something must arrive, it is awaited instead.
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(150);

    [Fact]
    public async Task Proxy_CarriesEveryByteBothWays()
    {
        await using var link = await TestLink.ConnectAsync(Plain);
        var sent = new byte[3_000_000];
        var random = new SplitMix64(1);
        for (var i = 0; i < sent.Length; i++)
        {
            sent[i] = (byte)random.NextUInt64();
        }

        var (there, back) = (link.Accepted.ReceiveAsync(sent.Length), link.Dialler.ReceiveAsync(sent.Length));
        await Task.WhenAll(link.Dialler.SendAsync(sent), link.Accepted.SendAsync(sent));

        Assert.Equal(sent, await there);
        Assert.Equal(sent, await back);
    }

    [Fact]
    public async Task Proxy_TellsTheOtherSideOfAnEnd_AfterAllBytes()
    {
        await using var link = await TestLink.ConnectAsync(new LinkConditions { Delay = TimeSpan.FromMilliseconds(50) });

        await link.Dialler.SendAsync([1, 2, 3]);
        link.Dialler.Socket.Shutdown(SocketShutdown.Send);

        Assert.Equal([1, 2, 3], await link.Accepted.ReceiveAsync(3));
        Assert.Empty(await link.Accepted.ReceiveAsync(1));
        await link.Accepted.SendAsync([4]);
        Assert.Equal([4], await link.Dialler.ReceiveAsync(1));
    }

    [Fact]
    public async Task Proxy_DelaysEachDirection_AndKeepsTheOrder()
    {
        var conditions = new LinkConditions { Delay = TimeSpan.FromMilliseconds(100), Jitter = TimeSpan.FromMilliseconds(60) };
        await using var link = await TestLink.ConnectAsync(conditions);
        byte[] sent = [.. Enumerable.Range(0, 40).Select(i => (byte)i)];

        var watch = Stopwatch.StartNew();
        foreach (var one in sent)
        {
            await link.Dialler.SendAsync([one]);
        }

        Assert.Equal(sent[0], (await link.Accepted.ReceiveAsync(1))[0]);
        Assert.True(watch.Elapsed >= conditions.Delay, $"The first byte took {watch.Elapsed}.");
        Assert.Equal(sent[1..], await link.Accepted.ReceiveAsync(sent.Length - 1));

        watch.Restart();
        await link.Accepted.SendAsync([9]);
        Assert.Equal([9], await link.Dialler.ReceiveAsync(1));
        Assert.True(watch.Elapsed >= conditions.Delay, $"The way back took {watch.Elapsed}.");
    }

    [Fact]
    public async Task Proxy_CarriesSoManyBytesASecond_AsItIsTold()
    {
        await using var link = await TestLink.ConnectAsync(new LinkConditions { BytesPerSecond = 1_000_000 });

        var watch = Stopwatch.StartNew();
        await Task.WhenAll(link.Dialler.SendAsync(new byte[400_000]), link.Accepted.ReceiveAsync(400_000));

        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(380), $"400 kB took {watch.Elapsed} at 1 MB/s.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task HeldDirection_CarriesNothing_WhileTheOtherDoes_AndLosesNothing(int delay)
    {
        await using var link = await TestLink.ConnectAsync(new LinkConditions { Delay = TimeSpan.FromMilliseconds(delay) });

        link.Proxy.Forward.Close();
        await link.Dialler.SendAsync([1, 2, 3]);
        await link.Accepted.SendAsync([7]);

        Assert.Equal([7], await link.Dialler.ReceiveAsync(1));
        await link.Accepted.AssertSilentAsync(Silence);
        link.Proxy.Restore();
        Assert.Equal([1, 2, 3], await link.Accepted.ReceiveAsync(3));
    }

    [Fact]
    public async Task HeldLink_TakesNewConnectionsOnlyOnceItIsReleased_AndResetsNone()
    {
        await using var link = await TestLink.ConnectAsync(Plain);
        link.Proxy.Forward.Close();
        link.Proxy.Backward.Close();

        var accepting = link.AcceptAsync();
        using var late = await TestEnd.DialAsync(link.Proxy.Address);
        await late.SendAsync([5]);
        await Task.Delay(Silence);
        Assert.False(accepting.IsCompleted, "A connection came through a link that carries nothing.");
        await link.Dialler.AssertSilentAsync(Silence);

        link.Proxy.Restore();
        using var accepted = await accepting;
        Assert.Equal([5], await accepted.ReceiveAsync(1));
    }

    [Fact]
    public async Task CutLink_ResetsWhatStandsAndWhatComes_UntilItIsRestored()
    {
        await using var link = await TestLink.ConnectAsync(Plain);

        link.Proxy.Cut();

        await link.Dialler.AssertResetAsync();
        await link.Accepted.AssertResetAsync();
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            // The reset may come while the connection is being made.
            using var refused = await TestEnd.DialAsync(link.Proxy.Address);
            await refused.ReceiveAsync(1);
        });

        link.Proxy.Restore();
        var accepting = link.AcceptAsync();
        using var again = await TestEnd.DialAsync(link.Proxy.Address);
        using var accepted = await accepting;
        await again.SendAsync([1]);
        Assert.Equal([1], await accepted.ReceiveAsync(1));
    }

    [Fact]
    public async Task Proxy_PassesAResetOn()
    {
        await using var link = await TestLink.ConnectAsync(Plain);

        link.Accepted.Socket.LingerState = new LingerOption(true, 0);
        link.Accepted.Dispose();

        await link.Dialler.AssertResetAsync();
    }

    [Fact]
    public async Task Mesh_HoldsOneDirectionOfOnePair_WhoeverDialled()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        await using var mesh = new LinkMesh([(IPEndPoint)first.LocalEndpoint, (IPEndPoint)second.LocalEndpoint], Plain, new SplitMix64(3), TimeProvider.System);
        using var dialledByFirst = await TestEnd.DialAsync(mesh.Address(0, 1));
        using var atSecond = new TestEnd(await second.AcceptSocketAsync());
        using var dialledBySecond = await TestEnd.DialAsync(mesh.Address(1, 0));
        using var atFirst = new TestEnd(await first.AcceptSocketAsync());

        mesh.Hold(0, 1);
        await Task.WhenAll(dialledByFirst.SendAsync([1]), atFirst.SendAsync([2]), atSecond.SendAsync([3]), dialledBySecond.SendAsync([4]));

        Assert.Equal([3], await dialledByFirst.ReceiveAsync(1));
        Assert.Equal([4], await atFirst.ReceiveAsync(1));
        await Task.WhenAll(atSecond.AssertSilentAsync(Silence), dialledBySecond.AssertSilentAsync(Silence));
        mesh.Release(0, 1);
        Assert.Equal([1], await atSecond.ReceiveAsync(1));
        Assert.Equal([2], await dialledBySecond.ReceiveAsync(1));
    }
}
