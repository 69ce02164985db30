using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Client.Tests;

/// <summary>What the client tells about itself, and what it does not.</summary>
[Collection(AloneCollection.Name), Trait("Category", "Integration")]
public sealed class TelemetryTests
{
    private const string Source = "OrleansStore.Client";
    private const string SecretKey = "secretkey";

    [Fact]
    public async Task Metrics_CountCallsRetriesAndFailovers_WithoutKeys()
    {
        var measured = new ConcurrentQueue<(string Name, double Value, string Tags)>();
        using var listener = Listen(measured);
        await using var first = ScriptedServer.Answering(ScriptedReply.Problem(503, "unavailable"));
        await using var second = ScriptedServer.Answering(ScriptedReply.Problem(504, "outcome-unknown"), ScriptedReply.Put(1));
        using var store = Scripted.Connect(first, second);

        await store.PutAsync(StoreKey.FromText(SecretKey), "secret value"u8.ToArray());
        using (var cancelled = new CancellationTokenSource())
        {
            await cancelled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.GetAsync(StoreKey.FromText(SecretKey), cancellationToken: cancelled.Token));
        }

        var retries = measured.Where(m => m.Name == "orleansstore.client.retries").Sum(m => m.Value);
        Assert.Equal(first.Requests.Count + second.Requests.Count - 1, retries);
        Assert.True(retries >= 2);
        Assert.InRange(measured.Where(m => m.Name == "orleansstore.client.failovers").Sum(m => m.Value), 1, retries);
        Assert.Equal(0, measured.Where(m => m.Name == "orleansstore.client.requests.in_flight").Sum(m => m.Value));
        var durations = measured.Where(m => m.Name == "orleansstore.client.request.duration").ToList();
        Assert.Equal(["operation=put outcome=answered", "operation=get outcome=cancelled"], durations.Select(m => m.Tags));
        Assert.True(durations[0].Value > 0);
        Assert.DoesNotContain(measured, m => m.Tags.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Traces_GoOnInTheServer_WithoutKeys()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = ScriptedServer.Answering(ScriptedReply.Problem(503, "unavailable"), ScriptedReply.Put(1), ScriptedReply.Problem(403, "forbidden"));
        using var store = Scripted.Connect(server);

        await store.PutAsync(StoreKey.FromText(SecretKey), "secret value"u8.ToArray());
        await Assert.ThrowsAsync<StoreException>(async () => await store.GetAsync(StoreKey.FromText(SecretKey)));

        var put = ended.First();
        Assert.Equal(("orleansstore put", ActivityKind.Client, ActivityStatusCode.Ok), (put.DisplayName, put.Kind, put.Status));
        Assert.Equal("2", put.GetTagItem("orleansstore.copies")?.ToString());
        Assert.Equal(ActivityStatusCode.Error, ended.Last().Status);
        Assert.All(server.Requests.Take(2), request => Assert.Equal(put.Id, request.Headers["traceparent"]));
        Assert.DoesNotContain(ended.SelectMany(activity => activity.TagObjects), tag => tag.Value?.ToString()?.Contains("secret", StringComparison.Ordinal) ?? false);
    }

    private static MeterListener Listen(ConcurrentQueue<(string Name, double Value, string Tags)> measured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == Source)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Enqueue((instrument.Name, value, Text(tags))));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured.Enqueue((instrument.Name, value, Text(tags))));
        listener.Start();
        return listener;
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
}
