using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using OrleansStore.Datacenters.Links;
using OrleansStore.Embedded.Tests.Harness;
using OrleansStore.Service.Peers;
using static OrleansStore.Embedded.Tests.Harness.Identities;

namespace OrleansStore.Embedded.Tests.Links;

[Trait("Category", "Unit")]
public sealed class LinkPartsTests
{
    private static readonly MonotonicTime T0 = new(TimeSpan.TicksPerSecond);

    [Fact]
    public void Options_ReportAllErrorsWithTheirValues_WhenSeveralAreWrong()
    {
        new LinkOptions().Validate();
        var options = new LinkOptions
        {
            HeartbeatInterval = TimeSpan.FromSeconds(1),
            SilenceTimeout = TimeSpan.FromSeconds(2),
            BulkStallTimeout = TimeSpan.FromSeconds(1),
            HandshakeTimeout = TimeSpan.FromMilliseconds(1),
            MinReconnectDelay = TimeSpan.Zero,
            MaxReconnectDelay = TimeSpan.FromSeconds(-1),
            RefusedRetryDelay = TimeSpan.FromSeconds(-2),
            ControlQueueBytes = 77,
            BulkQueueBytes = 78,
            BulkBytesPerSecond = 79,
            BulkBurstBytes = 80,
            MaxFlushBytes = 81,
            MaxPendingHandshakes = 0,
            MaxClockSkew = TimeSpan.Zero,
        };
        var message = Assert.Throws<ArgumentException>(options.Validate).Message;
        Assert.Equal(13, message.Split("; it must").Length - 1);
        Assert.Contains("SilenceTimeout is 00:00:02; it must be at least four times HeartbeatInterval = 00:00:01", message, StringComparison.Ordinal);
        Assert.Contains("ControlQueueBytes is 77", message, StringComparison.Ordinal);
        Assert.Contains("MaxFlushBytes is 81", message, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Property")]
    public void TokenBucket_KeepsRateAndBurst_WhateverIsAskedFor()
    {
        for (var seed = 1UL; seed <= 200; seed++)
        {
            var random = new SplitMix64(seed);
            var (rate, burst) = (65_536L << random.Next(8), 16_384 << random.Next(6));
            var bucket = new TokenBucket(rate, burst, T0);
            var (now, total) = (T0, 0L);
            for (var step = 0; step < 500; step++)
            {
                var wanted = 1 + random.Next(200_000);
                var granted = bucket.Take(wanted, now);
                total += granted;
                Assert.InRange(granted, 0, wanted);
                Assert.True(total <= burst + ((now - T0).TotalSeconds * rate) + 1, $"seed {seed}: {total} after {now - T0}");
                if (granted == 0)
                {
                    now += bucket.WaitFor(wanted, now);
                    var then = bucket.Take(wanted, now);
                    Assert.True(then > 0, $"seed {seed}: nothing after the wait");
                    total += then;
                }
                else
                {
                    now += TimeSpan.FromMicroseconds(random.Next(3000));
                }
            }
        }
    }

    [Fact]
    public void Backoff_DoublesWithJitterUpToItsBound()
    {
        var backoff = new ReconnectBackoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), new SplitMix64(3));
        foreach (var bound in new[] { 50, 100, 200, 400, 800, 1000, 1000 })
        {
            Assert.InRange(backoff.Next().TotalMilliseconds, bound / 2.0, bound);
        }

        backoff.Reset();
        Assert.InRange(backoff.Next().TotalMilliseconds, 25, 50);
    }

    [Fact]
    public void Liveness_CountsTheSendOfTheEchoedHeartbeat_NotTheReceptionOfTheEcho()
    {
        var liveness = Liveness();
        liveness.Next(At(0), 0, 0);
        liveness.Receive(Beat(echo: At(0)), At(700), 0);
        Assert.True(liveness.IsProven);
        Assert.Null(liveness.FindFailure(At(800), 0));
        Assert.Contains("801 ms", liveness.FindFailure(At(801), 0), StringComparison.Ordinal);
    }

    [Fact]
    public void Liveness_IsNotFooledByTheOtherDirection_WhenNothingIsEchoed()
    {
        var liveness = Liveness();
        for (var at = 0; at <= 750; at += 150)
        {
            liveness.Next(At(at), 0, 0);
            liveness.Receive(Beat(echo: null), At(at), 0);
        }

        Assert.False(liveness.IsProven);
        Assert.NotNull(liveness.FindFailure(At(801), 0));
    }

    [Fact]
    public void Liveness_ForgivesTheOwnPause_AndNoMore()
    {
        var liveness = Liveness();
        liveness.Forgive(TimeSpan.FromMilliseconds(5000));
        Assert.Null(liveness.FindFailure(At(5800), 0));
        Assert.NotNull(liveness.FindFailure(At(5801), 0));
    }

    [Fact]
    public void Liveness_TakesTheHoldOffTheRoundTrip_AndRefusesEchoesOfNothing()
    {
        var liveness = Liveness();
        liveness.Next(At(10), 0, 0);
        liveness.Receive(Beat(echo: At(10), holdMilliseconds: 100), At(150), 0);
        Assert.Equal(TimeSpan.FromMilliseconds(40), liveness.RoundTrip);
        Assert.Throws<CorruptionException>(() => liveness.Receive(Beat(echo: At(11)), At(200), 0));
        Assert.Throws<CorruptionException>(() => liveness.Receive(Beat(echo: At(-1)), At(200), 0));
    }

    [Fact]
    public void Liveness_NamesStalledBulk_OnlyWhileSomethingIsUnderWay()
    {
        var liveness = Liveness();
        for (var at = 0; at < 60_000; at += 150)
        {
            liveness.Next(At(at), 0, 0);
            liveness.Receive(Beat(echo: At(at), bulk: at < 30_000 ? 500 : 700), At(at), 0);
            var sent = at < 20_000 ? 500 : 1000;
            var isStalled = at is > 25_000 and < 30_000 or > 35_150;
            Assert.True(isStalled == liveness.FindFailure(At(at), sent) is not null || at is (>= 24_900 and <= 25_200) or (>= 35_000 and <= 35_200), $"at {at}");
        }
    }

    [Fact]
    public void ClockFilter_TakesTheSampleWithTheShortestRoundTrip()
    {
        var filter = new ClockFilter();
        Assert.Null(filter.Estimate);
        var skew = TimeSpan.FromSeconds(3).Ticks;
        filter.Add(TimeSpan.FromMilliseconds(10), 1_000_000 + skew - TimeSpan.FromMilliseconds(5).Ticks, 1_000_000);
        filter.Add(TimeSpan.FromMilliseconds(900), 1_000_000 + skew - TimeSpan.FromMilliseconds(899).Ticks, 1_000_000);
        Assert.Equal(skew, filter.Estimate!.Value.Skew.Ticks);

        // A clock that is set right is believed once the window has passed.
        for (var i = 0; i < ClockFilter.Window; i++)
        {
            filter.Add(TimeSpan.FromMilliseconds(20), 1_000_000 - TimeSpan.FromMilliseconds(10).Ticks, 1_000_000);
        }

        Assert.Equal(TimeSpan.Zero, filter.Estimate!.Value.Skew);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(false, 0.1, -0.4)]
    [InlineData(true, 0.9)]
    [InlineData(false, 0.9, 0.0)]
    [InlineData(true, 0.9, 0.8)]
    [InlineData(true, 0.9, 0.8, 0.0)]
    [InlineData(false, 0.9, -0.8, 0.0, 0.1)]
    public void OwnClock_IsOff_WhenMostPeersAreBeyondTheBoundForCertain(bool isOff, params double[] skews)
    {
        ClockEstimate?[] estimates = [null, .. skews.Select(skew => (ClockEstimate?)new ClockEstimate(TimeSpan.FromSeconds(skew), TimeSpan.FromMilliseconds(5)))];
        Assert.Equal(isOff, ClockAgreement.IsOwnClockOff(estimates, TimeSpan.FromMilliseconds(500)));
        Assert.False(ClockAgreement.IsOwnClockOff([new ClockEstimate(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.6))], TimeSpan.FromMilliseconds(500)));
    }

    // The first payloads grow the queue's segments; from then on a payload costs no memory.
    [Fact]
    public void SendQueue_AllocatesNothingPerPayload()
    {
        var queue = new SendQueue(1 << 20, 16 << 10, PipeScheduler.Inline);
        var payload = new byte[300];
        Run(2000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(2000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                for (var j = 0; j < 10; j++)
                {
                    Assert.True(queue.TryWrite(FrameType.Payload, payload));
                }

                Assert.True(queue.Reader.TryRead(out var read));
                queue.Consume(read.Buffer.End, read.Buffer.Length);
            }
        }
    }

    [Theory]
    [InlineData("127.0.0.1:5201", "127.0.0.1", 5201)]
    [InlineData("[::1]:0", "::1", 0)]
    [InlineData("dc1.example.org:65535", "dc1.example.org", 65535)]
    [InlineData("127.0.0.1", null, 0)]
    [InlineData("::1:5", null, 0)]
    [InlineData("host:65536", null, 0)]
    [InlineData("host:-1", null, 0)]
    [InlineData(":5", null, 0)]
    [InlineData("a b:5", null, 0)]
    [InlineData(null, null, 0)]
    public void Endpoint_IsReadAndWritten(string? text, string? host, int port)
    {
        Assert.Equal(host is not null, PeerEndpoint.TryParse(text, out var endpoint));
        if (host is not null)
        {
            Assert.Equal(new PeerEndpoint(host, port), endpoint);
            Assert.Equal(text, endpoint.ToString());
        }
    }

    [Fact]
    public void Metrics_TellStateTrafficAndClocks_PerPeer()
    {
        var links = new VirtualLinks(2);
        links.RunUntilAllUp();
        links.World.RunFor(TimeSpan.FromSeconds(1));
        Dictionary<string, double> values = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == LinkMetrics.MeterName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Observe(instrument, value));
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Observe(instrument, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Observe(instrument, value));
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Equal(
            ["connects", "queued", "received", "refused", "round_trip", "sent", "skew", "state"],
            values.Keys.Select(name => name["orleansstore.links.".Length..]).Order(StringComparer.Ordinal));
        Assert.True(values["orleansstore.links.sent"] > 0);
        Assert.True(values["orleansstore.links.state"] >= (int)LinkState.Up);

        // The listener hears the links of tests that run beside this one, too: the largest value is ours or theirs, but not below ours.
        void Observe(Instrument instrument, double value) => values[instrument.Name] = Math.Max(value, values.GetValueOrDefault(instrument.Name, double.MinValue));
    }

    [Fact]
    public void Links_RefuseWrongUse()
    {
        var links = new VirtualLinks(2);
        Assert.Throws<ArgumentOutOfRangeException>(() => links[1].Links.TrySend(Dc(2), LinkClass.Control, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => links[1].Links.TrySend(Dc(2), LinkClass.Control, new byte[IPeerLinks.MaxPayloadBytes + 1]));
        Assert.Throws<ArgumentException>(() => links[1].Links.TrySend(Dc(1), LinkClass.Control, [1]));
        Assert.Throws<ArgumentException>(() => links[1].Links.StateOf(Dc(9)));
        Assert.Throws<InvalidOperationException>(() => links[1].Links.Start(links[1].Handler));
    }

    private static LinkLiveness Liveness() => new(new LinkOptions(), new ClockFilter(), T0);

    private static MonotonicTime At(int milliseconds) => T0 + TimeSpan.FromMilliseconds(milliseconds);

    private static Heartbeat Beat(MonotonicTime? echo, int holdMilliseconds = 0, long bulk = 0) =>
        new(T0, 0, echo, TimeSpan.FromMilliseconds(holdMilliseconds), bulk);
}
