using System.Net;
using System.Net.Sockets;
using OrleansStore.Datacenters.Identity;
using OrleansStore.Datacenters.Links;
using OrleansStore.Embedded.Tests.Harness;
using OrleansStore.Service.Peers;
using static OrleansStore.Embedded.Tests.Harness.Identities;

namespace OrleansStore.Embedded.Tests.Links;

[Trait("Category", "Integration")]
public sealed class SocketLinkTests
{
    [Fact]
    public async Task Payloads_ArriveInOrderAndWhole_OverBothConnections()
    {
        await using var one = await SocketLinks.ListenAsync(1);
        await using var two = await SocketLinks.ListenAsync(2);
        await ConnectAsync(one, two);
        var random = new SplitMix64(0xF00D);
        List<byte[]> sent = [.. Enumerable.Range(0, 2000).Select(_ => Bytes(random, 1 + random.Next(2000))), Bytes(random, IPeerLinks.MaxPayloadBytes)];
        foreach (var payload in sent)
        {
            var (linkClass, back) = ((LinkClass)(1 + (payload[0] % 2)), payload.Length < 10_000);
            Assert.True(one.Links.TrySend(Dc(2), linkClass, payload), $"{one.Status(2)}");
            Assert.True(!back || two.Links.TrySend(Dc(1), linkClass, payload), $"{two.Status(1)}");
        }

        await Eventually.HoldsAsync(() => two.Handler.Count == sent.Count && one.Handler.Count == sent.Count - 1, () => $"{one.Handler.Count} and {two.Handler.Count} payloads");
        foreach (var linkClass in new[] { LinkClass.Control, LinkClass.Bulk })
        {
            Assert.Equal(
                sent.Where(payload => (LinkClass)(1 + (payload[0] % 2)) == linkClass),
                two.Handler.Payloads.Where(payload => payload.Class == linkClass).Select(payload => payload.Payload));
        }
    }

    [Fact]
    public async Task TrySend_Declines_WhenTheQueueIsFull_AndTakesAgainAfterwards()
    {
        await using var one = await SocketLinks.ListenAsync(1, options: new LinkOptions { BulkBytesPerSecond = 4 << 20, BulkBurstBytes = 64 << 10 });
        await using var two = await SocketLinks.ListenAsync(2);
        await ConnectAsync(one, two);
        var payload = new byte[1 << 20];
        var taken = 0;
        while (one.Links.TrySend(Dc(2), LinkClass.Bulk, payload))
        {
            Assert.InRange(++taken, 1, 64);
        }

        Assert.InRange(taken, 31, 40);
        Assert.InRange(one.Status(2).QueuedBytes, 28 << 20, 32 << 20);
        Assert.Equal(1, one.Status(2).Refused);
        Assert.True(one.Links.TrySend(Dc(2), LinkClass.Control, [1]));
        await Eventually.HoldsAsync(() => two.Handler.Count >= 3, () => $"{two.Handler.Count} payloads");
        Assert.True(one.Links.TrySend(Dc(2), LinkClass.Bulk, payload));
    }

    [Fact]
    public async Task Link_ComesUpAgain_WhenTheListenerWasKilledAndIsBack()
    {
        await using var one = await SocketLinks.ListenAsync(1);
        var two = await SocketLinks.ListenAsync(2);
        await ConnectAsync(one, two);
        await two.DisposeAsync();
        await one.UntilAsync(2, LinkState.Down);
        Assert.False(one.Links.TrySend(Dc(2), LinkClass.Control, [1]));

        await using var again = await SocketLinks.ListenAsync(2, port: two.Port);
        again.Start((1, one.Port));
        await one.UntilAsync(2, LinkState.Up);
        Assert.True(one.Links.TrySend(Dc(2), LinkClass.Control, [7]));
        await Eventually.HoldsAsync(() => again.Handler.Count == 1, () => "the payload");
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task BothSides_GoDownWithoutAReset_WhenTheLineIsABlackHole(bool forth, bool back)
    {
        await using var one = await SocketLinks.ListenAsync(1);
        await using var two = await SocketLinks.ListenAsync(2);
        await using var proxy = new TcpProxy(two.Port);
        one.Start((2, proxy.Port));
        two.Start((1, one.Port));
        await one.UntilAsync(2, LinkState.Up);
        await two.UntilAsync(1, LinkState.Up);
        if (forth)
        {
            proxy.HoldForth();
        }

        if (back)
        {
            proxy.HoldBack();
        }

        await one.UntilAsync(2, LinkState.Down);
        await two.UntilAsync(1, LinkState.Down);
        Assert.Contains(one.Logger.Lines.Concat(two.Logger.Lines), line => line.Text.Contains("no heartbeat was answered", StringComparison.Ordinal));

        proxy.Release();
        await one.UntilAsync(2, LinkState.Up);
        await two.UntilAsync(1, LinkState.Up);
    }

    [Fact]
    public async Task Link_ComesUpAgain_WhenItsConnectionsAreReset()
    {
        await using var one = await SocketLinks.ListenAsync(1);
        await using var two = await SocketLinks.ListenAsync(2);
        await using var proxy = new TcpProxy(two.Port);
        one.Start((2, proxy.Port));
        two.Start((1, one.Port));
        for (var round = 1; round <= 3; round++)
        {
            await one.UntilAsync(2, LinkState.Up);
            await two.UntilAsync(1, LinkState.Up);
            Assert.Equal(round, two.Handler.Changes.Count(change => change.State == LinkState.Up));
            proxy.Cut();
            await Eventually.HoldsAsync(() => two.Handler.Changes.Count(change => change.State != LinkState.Up) == round, () => "the link goes down");
        }
    }

    // Control has its own connection and a bounded share of every turn: tens of MiB of bulk under way must not hold up the round trip of a small message.
    [Fact]
    public async Task Control_IsNotDelayed_WhenBulkIsSaturated()
    {
        await using var one = await SocketLinks.ListenAsync(1);
        await using var two = await SocketLinks.ListenAsync(2);
        await ConnectAsync(one, two);
        two.Handler.Received = (_, linkClass, payload) =>
        {
            if (linkClass == LinkClass.Control)
            {
                two.Links.TrySend(Dc(1), LinkClass.Control, payload.Span);
            }
        };
        using var stop = new CancellationTokenSource();
        var bulk = new byte[1 << 20];
        var flooding = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                if (!one.Links.TrySend(Dc(2), LinkClass.Bulk, bulk))
                {
                    await Task.Yield();
                }
            }
        });
        await Eventually.HoldsAsync(() => one.Status(2).QueuedBytes > 24 << 20, () => "bulk is saturated");
        List<double> times = [];
        for (var i = 0; i < 50; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            Assert.True(one.Links.TrySend(Dc(2), LinkClass.Control, [1]));
            var expected = i + 1;
            await Eventually.HoldsAsync(() => one.Handler.Count == expected, () => $"answer {expected}");
            times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        await stop.CancelAsync();
        await flooding;
        times.Sort();

        // What is queued on bulk alone takes more than 100 ms at its rate; behind it, every one of these would.
        Assert.True(times[25] < 60, $"median {times[25]:0.0} ms, worst {times[^1]:0.0} ms");
        Assert.Equal(LinkState.Up, one.Status(2).State);
        Assert.Single(one.Handler.Changes);
    }

    [Fact]
    public async Task Acceptor_SurvivesGarbage_AndSaysWhy()
    {
        const ulong Seed = 0xBAD;
        await using var two = await SocketLinks.ListenAsync(2);
        two.Start((1, 1));
        var random = new SplitMix64(Seed);
        var hello = Frame(FrameType.Hello, new Hello(LinkClass.Control, Dc(2), new LinkSessionId(1, 1), Member(1, 2)).Encode());
        for (var i = 0; i < 200; i++)
        {
            var bytes = i % 2 == 0 ? Bytes(random, 1 + random.Next(300)) : [.. hello];
            if (i % 2 == 1)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, two.Port);
            await socket.SendAsync(bytes.AsMemory(0, i % 3 == 0 ? bytes.Length : random.Next(bytes.Length) + 1));
            socket.Shutdown(SocketShutdown.Send);
            var answer = await ReadToEndAsync(socket);
            Assert.True(answer.Length == 0 || answer[4] is (byte)FrameType.Hello or (byte)FrameType.Goodbye, $"seed {Seed}, case {i}");
        }

        Assert.Equal(LinkState.Down, two.Status(1).State);
        Assert.False(two.Links.Completion.IsCompleted, $"seed {Seed}: {two.Links.Completion.Exception}");
        Assert.Contains(two.Logger.Lines, line => line.Id == 6010);
        await using var one = await SocketLinks.ListenAsync(1);
        one.Start((2, two.Port));
        await two.UntilAsync(1, LinkState.Up);
    }

    [Theory]
    [InlineData(2u << 30, 4, 1, "claims")]
    [InlineData(10, 9, 1, "type 9")]
    [InlineData(10, 4, 2, "format version 2")]
    public async Task StandingLink_IsClosedWithTheReason_WhenAFrameIsInvalid(uint length, byte type, byte version, string reason)
    {
        await using var two = await SocketLinks.ListenAsync(2);
        two.Start((1, 1));
        using var control = await HandshakeAsync(two.Port, LinkClass.Control, new LinkSessionId(5, 1));
        using var bulk = await HandshakeAsync(two.Port, LinkClass.Bulk, new LinkSessionId(5, 1));
        await Eventually.HoldsAsync(() => two.Exchange.Heard.Count == 1, () => "the session stands");
        await bulk.SendAsync(new byte[] { (byte)length, (byte)(length >> 8), (byte)(length >> 16), (byte)(length >> 24), type, version, 0, 0, 1, 2, 3, 4 });
        await Eventually.HoldsAsync(() => two.Status(1).Reason!.Contains(reason, StringComparison.Ordinal), () => $"{reason}, but: {two.Status(1).Reason}");
        await ReadToEndAsync(control);
    }

    [Fact]
    public async Task NewestSession_Wins_AndWhatComesLateIsDeclined()
    {
        await using var two = await SocketLinks.ListenAsync(2);
        two.Start((1, 1));
        using var control = await HandshakeAsync(two.Port, LinkClass.Control, new LinkSessionId(5, 2));
        using var bulk = await HandshakeAsync(two.Port, LinkClass.Bulk, new LinkSessionId(5, 2));
        await Eventually.HoldsAsync(() => two.Exchange.Heard.Count == 1, () => "the session stands");

        // A second bulk connection of the session, and one of an older attempt, change nothing.
        await Assert.ThrowsAsync<IOException>(() => HandshakeAsync(two.Port, LinkClass.Bulk, new LinkSessionId(5, 2)));
        await Assert.ThrowsAsync<IOException>(() => HandshakeAsync(two.Port, LinkClass.Control, new LinkSessionId(5, 1)));
        await Assert.ThrowsAsync<IOException>(() => HandshakeAsync(two.Port, LinkClass.Control, new LinkSessionId(5, 2)));
        Assert.Empty(two.Exchange.Lost);

        // A newer attempt, or another process, takes over.
        using var newer = await HandshakeAsync(two.Port, LinkClass.Control, new LinkSessionId(5, 3));
        await ReadToEndAsync(control);
        await ReadToEndAsync(bulk);
        Assert.Single(two.Exchange.Lost);
        using var restarted = await HandshakeAsync(two.Port, LinkClass.Control, new LinkSessionId(4, 1));
        await ReadToEndAsync(newer);
    }

    [Theory]
    [InlineData("bucket count differs: dc1 has 64, dc2 has 128")]
    [InlineData("topology epoch differs: dc1 has 1, dc2 has 9")]
    [InlineData("topology hash differs: dc1 has 000000000000feed, dc2 has 000000000000beef")]
    [InlineData("store id differs: dc1 has 00000000000000000000000000005eed, dc2 has 00000000000000000000000000000bad")]
    [InlineData("founders differs: dc1 has")]
    [InlineData("name of datacenter 2 differs: dc1 knows it as dc2, it calls itself dcx")]
    [InlineData("datacenter number differs: 2 (dc2) was expected, 3 (dc3) answered")]
    public async Task Link_IsRefusedWithFieldAndBothValues_WhenTheHellosDiffer(string reason)
    {
        var other = Member(2, 2);
        other = reason.Split(' ')[0] switch
        {
            "bucket" => other with { BucketCount = 128 },
            "topology" => reason.Contains("epoch", StringComparison.Ordinal) ? other with { Epoch = new Epoch(9) } : other with { TopologyHash = 0xBEEF },
            "store" => other with { StoreId = new StoreId(0xBAD) },
            "founders" => other with { Founders = [new Founder(Dc(1), 101), new Founder(Dc(2), 999)] },
            "name" => other with { Name = "dcx" },
            _ => Member(3, 2) with { Founders = Founders(2) },
        };
        await using var one = await SocketLinks.ListenAsync(1, identity: Member(1, 2));
        await using var two = await SocketLinks.ListenAsync(2, identity: other);
        one.Start((2, two.Port));
        if (other.Datacenter == Dc(2))
        {
            two.Start((1, one.Port));
        }
        else
        {
            two.Start();
        }

        await one.UntilAsync(2, LinkState.Refused);
        Assert.Contains(reason, one.Status(2).Reason, StringComparison.Ordinal);
        Assert.Single(one.Logger.Lines, line => line.Id == 6003);
        Assert.DoesNotContain(one.Handler.Changes, change => change.State == LinkState.Up);
        if (other.Datacenter == Dc(2))
        {
            await two.UntilAsync(1, LinkState.Refused);
        }
    }

    [Fact]
    public async Task Hello_OfAnotherProtocolVersion_IsDeclinedWithBothVersions()
    {
        await using var two = await SocketLinks.ListenAsync(2);
        two.Start((1, 1));
        var hello = new Hello(LinkClass.Control, Dc(2), new LinkSessionId(1, 1), Member(1, 2)).Encode();
        hello[4] = 2;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, two.Port);
        await socket.SendAsync(Frame(FrameType.Hello, hello));
        await ReadToEndAsync(socket);
        await Eventually.HoldsAsync(
            () => two.Logger.Lines.Any(line => line.Text.Contains("protocol version differs: 1 here, 2 at the peer", StringComparison.Ordinal)), () => "a line in the log");
    }

    private static async Task ConnectAsync(SocketLinks one, SocketLinks two)
    {
        one.Start((2, two.Port));
        two.Start((1, one.Port));
        await one.UntilAsync(2, LinkState.Up);
        await two.UntilAsync(1, LinkState.Up);
    }

    /// <summary>Speaks as dc1 to dc2.</summary>
    private static async Task<Socket> HandshakeAsync(int port, LinkClass linkClass, LinkSessionId session)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync(Frame(FrameType.Hello, new Hello(linkClass, Dc(2), session, Member(1, 2)).Encode()));
        var header = new byte[FrameFormat.HeaderBytes];
        await ReadAsync(socket, header);
        var payload = new byte[BitConverter.ToInt32(header)];
        await ReadAsync(socket, payload);
        if (header[4] == (byte)FrameType.Hello)
        {
            return socket;
        }

        socket.Dispose();
        throw new IOException(Goodbye.Decode(payload).Reason);
    }

    private static async Task ReadAsync(Socket socket, byte[] buffer)
    {
        for (var at = 0; at < buffer.Length;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(at));
            Assert.True(read > 0, "the connection ended");
            at += read;
        }
    }

    private static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        List<byte> all = [];
        var buffer = new byte[4096];
        using var limit = new CancellationTokenSource(Eventually.Limit);
        try
        {
            for (int read; (read = await socket.ReceiveAsync(buffer, limit.Token)) > 0;)
            {
                all.AddRange(buffer.AsSpan(0, read));
            }
        }
        catch (SocketException)
        {
            // A reset is an end, too.
        }

        return [.. all];
    }

    private static byte[] Frame(FrameType type, byte[] payload)
    {
        var writer = new System.Buffers.ArrayBufferWriter<byte>();
        FrameFormat.Write(writer, type, payload);
        return writer.WrittenSpan.ToArray();
    }

    private static byte[] Bytes(SplitMix64 random, int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            bytes[i] = (byte)random.NextUInt64();
        }

        return bytes;
    }
}
