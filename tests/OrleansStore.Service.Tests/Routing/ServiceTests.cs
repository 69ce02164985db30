using System.Diagnostics.Metrics;
using System.Security.Claims;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Routing;
using OrleansStore.Service.Routing.Access;
using static OrleansStore.Service.Tests.Routing.RouterFixture;

namespace OrleansStore.Service.Tests.Routing;

/// <summary>The boundary: what is refused, what is shown, what is measured.</summary>
[Trait("Category", "Unit")]
public sealed class ServiceTests
{
    [Fact]
    public void Transaction_IsRefused_WhenItsKeysDoNotShareABucket()
    {
        using var fixture = new RouterFixture();
        var (left, right) = (fixture.KeyWith(1), fixture.KeyWith(2));
        Transaction[] transactions =
        [
            new([], [Operation.Put(left, default), Operation.Put(right, default)]),
            new([Guard.Exists(left)], [Operation.Delete(right)]),
            new([Guard.Exists(left), Guard.Exists(right)], []),
        ];

        foreach (var transaction in transactions)
        {
            var thrown = Assert.Throws<StoreException>(() => fixture.Time.Run(() => fixture.Router.WriteAsync(transaction, default, For(1), default).AsTask()));
            Assert.Equal(ErrorCode.CrossBucket, thrown.Code);
        }

        Assert.Empty(fixture.Copies);
    }

    [Fact]
    public void Transaction_IsSent_WhenItsKeysShareAPartitionKey()
    {
        using var fixture = new RouterFixture();
        var transaction = new Transaction([Guard.Exists(StoreKey.FromText("a/{x}"))], [Operation.Delete(StoreKey.FromText("b/{x}")), Operation.Delete(StoreKey.FromText("x"))]);

        var reply = fixture.Time.Run(() => fixture.Router.WriteAsync(transaction, default, For(1), default).AsTask());

        Assert.Equal(fixture.Map.BucketOf(NamespaceId.Default, "x"u8), reply.Bucket);
        Assert.Equal(reply.Bucket, fixture.Copies[0].Bucket);
    }

    [Fact]
    public void EveryRequest_PassesTheAuthorizer()
    {
        var asked = new List<AccessRequest>();
        var principal = new ClaimsPrincipal();
        var context = new RequestContext(TimeSpan.FromSeconds(1), principal);
        using var fixture = new RouterFixture(authorizer: new Authorizer((who, access) =>
        {
            Assert.Same(principal, who);
            asked.Add(access);
            return access.Action == StoreAction.Read && access.Key.Span.SequenceEqual("open"u8);
        }));
        var (open, closed) = (StoreKey.FromText("open"), StoreKey.FromText("closed"));
        fixture.Client.Script(copy => copy.Answer("NotFound"));

        Refused(() => fixture.Router.ReadAsync(closed, ReadConsistency.Eventual, context, default).AsTask());
        Refused(() => fixture.Router.WriteAsync(new Transaction([Guard.Exists(open)], [Operation.Delete(open)]), default, context, default).AsTask());
        Refused(() => fixture.Router.ScanAsync(new ScanRequest(NamespaceId.Default, "open"u8.ToArray()), context, default).AsTask());
        Refused(() => fixture.Router.GetOutcomeAsync(open, RequestId.ForKey("k"), firstSent: null, context, default).AsTask());
        Assert.Empty(fixture.Copies);
        fixture.Time.Run(() => fixture.Router.ReadAsync(open, ReadConsistency.Eventual, context, default).AsTask());
        Assert.Single(fixture.Copies);

        Assert.Equal(
            [StoreAction.Read, StoreAction.Read, StoreAction.Write, StoreAction.Scan, StoreAction.SettleOutcome, StoreAction.Read],
            asked.Select(access => access.Action));

        void Refused<T>(Func<Task<T>> request) =>
            Assert.Equal(ErrorCode.Forbidden, Assert.Throws<StoreException>(() => fixture.Time.Run(request)).Code);
    }

    [Fact]
    public void Request_IsRefused_WhenItsArgumentsAreOutOfRange()
    {
        using var fixture = new RouterFixture();
        var key = StoreKey.FromText("k");
        Assert.Throws<ArgumentOutOfRangeException>(() => fixture.Write(key, seconds: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => fixture.Write(key, seconds: 60.001));
        Assert.Throws<ArgumentOutOfRangeException>(() => fixture.Read(key, (ReadConsistency)3));
        Assert.Throws<ArgumentException>(() => fixture.Read(default));
        Assert.Throws<ArgumentException>(() => fixture.Outcome(key, RequestId.None));
        Assert.Throws<ArgumentException>(() => fixture.Outcome(default, RequestId.ForKey("k")));
        Assert.Throws<ArgumentException>(() => new RouterFixture(local: 4));
        Assert.Empty(fixture.Copies);
    }

    [Fact]
    public void Status_ShowsWhatTheEngineAndTheTopologyKnow_AndSendsNothing()
    {
        using var fixture = new RouterFixture(buckets: 4);
        var led = fixture.KeyWith(2);
        fixture.Write(led);
        fixture.Copies.Clear();
        fixture.NotReadyReason = "waits for dc2";
        fixture.Replica = bucket => bucket.Number == 1
            ? new LocalReplicaStatus(new DatacenterId(3), new Term(4), new LogIndex(50), new LogIndex(49), "follower")
            : null;

        var status = fixture.Router.GetStatus();

        Assert.Empty(fixture.Copies);
        Assert.Equal("waits for dc2", fixture.Router.NotReadyReason);
        Assert.Equal(("dc1", new StoreId(42), fixture.Topology.Epoch), (status.Datacenter, status.StoreId, status.Epoch));
        Assert.Equal(["dc1", "dc2", "dc3"], status.Datacenters.Select(each => each.Name));
        Assert.Equal(LinkState.Down, Assert.Single(status.Links).State);
        Assert.Equal([0U, 1U, 2U, 3U], status.Buckets.Select(each => each.Id.Number));
        var one = status.Buckets[1];
        Assert.Equal(("dc3", new Term(4), new LogIndex(50), new LogIndex(49), "follower"), (one.Leader, one.Term, one.Commit, one.Applied, one.State));
        Assert.Equal(fixture.Map.DatacentersOf(one.Id).ToArray().Select(id => $"dc{id}"), one.Replicas);
        Assert.Equal(one.Replicas[0], one.Primary);
        var bucket = (int)fixture.Map.BucketOf(led.Namespace, led.Bytes.Span).Number;
        foreach (var other in status.Buckets.Where(each => each.Id.Number != 1))
        {
            Assert.Equal((other.Id.Number == bucket ? "dc2" : null, "absent"), (other.Leader, other.State));
        }
    }

    [Fact]
    public void Metrics_CountWhatHappened()
    {
        using var fixture = new RouterFixture();
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, subscriber) =>
        {
            if (instrument.Meter.Name == "OrleansStore.Router")
            {
                subscriber.EnableMeasurementEvents(instrument);
            }
        };
        void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        {
            // Other tests measure too, from other threads, but not under this name.
            var texts = tags.ToArray().Select(tag => $"{tag.Value}").ToList();
            if (texts[0] == "measured" && instrument.Name != "orleansstore.router.duration")
            {
                lock (seen)
                {
                    var name = string.Join(' ', texts.Skip(1).Prepend(instrument.Name["orleansstore.router.".Length..]));
                    seen[name] = seen.GetValueOrDefault(name) + Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);
                }
            }
        }

        listener.SetMeasurementEventCallback<long>(Note);
        listener.SetMeasurementEventCallback<int>(Note);
        listener.SetMeasurementEventCallback<double>(Note);
        listener.Start();
        using var metrics = new RouterMetrics("measured", () => 3);
        metrics.CountRequest("write", "OutcomeUnknown", TimeSpan.FromSeconds(1));
        metrics.CountRequest("write", "Applied", TimeSpan.FromSeconds(1));
        metrics.CountRetry(OrleansStore.Service.Routing.Calls.AttemptVerdict.NotLeader);
        metrics.CountRetry(OrleansStore.Service.Routing.Calls.AttemptVerdict.Lost);
        metrics.CountRelay();
        metrics.CountSession();
        listener.RecordObservableInstruments();

        lock (seen)
        {
            Assert.Equal(1, seen["requests write OutcomeUnknown"]);
            Assert.Equal(1, seen["requests write Applied"]);
            Assert.Equal(1, seen["unknown_outcomes"]);
            Assert.Equal(1, seen["retries NotLeader"]);
            Assert.Equal(1, seen["retries Lost"]);
            Assert.Equal(1, seen["redirects"]);
            Assert.Equal(1, seen["relays"]);
            Assert.Equal(1, seen["sessions"]);
            Assert.Equal(3, seen["in_flight"]);
        }
    }

    private sealed class Authorizer(Func<ClaimsPrincipal, AccessRequest, bool> decide) : IAuthorizer
    {
        public bool IsAllowed(ClaimsPrincipal principal, in AccessRequest access) => decide(principal, access);
    }
}
