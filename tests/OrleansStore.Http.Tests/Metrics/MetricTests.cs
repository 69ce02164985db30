using System.Diagnostics.Metrics;
using System.Globalization;
using OrleansStore.Http.Metrics;
using OrleansStore.Http.Tests.Support;

namespace OrleansStore.Http.Tests.Metrics;

[Trait("Category", "Unit")]
public sealed class MetricTests : IDisposable
{
    // Collectors see every meter of the process: a datacenter of its own keeps those of other tests out.
    private readonly string _datacenter = $"dc-{Interlocked.Increment(ref _count)}";
    private static int _count;

    private readonly Meter _meter;
    private readonly MetricCollector _collector;

    public MetricTests()
    {
        _meter = new Meter("OrleansStore.Test", null, [new("datacenter", _datacenter)]);
        _collector = new MetricCollector(_datacenter, maxSeries: 5);
    }

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task Counter_IsNamedByAreaNounAndUnit_AndEndsInTotal()
    {
        _meter.CreateCounter<long>("orleansstore.log.appended", "By", "Bytes\nappended \\ here.").Add(5, new KeyValuePair<string, object?>("kind", "a\"b\\c\nd"));
        Assert.Equal(
            $"""
            # HELP orleansstore_log_appended_bytes_total Bytes\nappended \\ here.
            # TYPE orleansstore_log_appended_bytes_total counter
            orleansstore_log_appended_bytes_total{Open}datacenter="{_datacenter}",kind="a\"b\\c\nd"{Close} 5

            """.ReplaceLineEndings("\n"),
            await ScrapeAsync());
    }

    [Fact]
    public async Task Histogram_HasCumulativeBuckets()
    {
        var histogram = _meter.CreateHistogram<double>("orleansstore.log.fsync.duration", "s", "Time.");
        foreach (var value in (double[])[0.0001, 0.0005, 0.003, 100, double.NaN])
        {
            histogram.Record(value);
        }

        var lines = (await ScrapeAsync()).Split('\n');
        Assert.Contains("# TYPE orleansstore_log_fsync_duration_seconds histogram", lines);
        Assert.Contains($"orleansstore_log_fsync_duration_seconds_bucket{Open}datacenter=\"{_datacenter}\",le=\"0.0005\"{Close} 2", lines);
        Assert.Contains($"orleansstore_log_fsync_duration_seconds_bucket{Open}datacenter=\"{_datacenter}\",le=\"0.0025\"{Close} 2", lines);
        Assert.Contains($"orleansstore_log_fsync_duration_seconds_bucket{Open}datacenter=\"{_datacenter}\",le=\"0.005\"{Close} 3", lines);
        Assert.Contains($"orleansstore_log_fsync_duration_seconds_bucket{Open}datacenter=\"{_datacenter}\",le=\"+Inf\"{Close} 4", lines);
        Assert.Contains($"orleansstore_log_fsync_duration_seconds_count{Open}datacenter=\"{_datacenter}\"{Close} 4", lines);
        Assert.Contains($"orleansstore_log_fsync_duration_seconds_sum{Open}datacenter=\"{_datacenter}\"{Close} 100.0036", lines);
    }

    [Fact]
    public async Task Histogram_UsesTheBoundsItAsksFor()
    {
        _meter.CreateHistogram("orleansstore.batch.size", "{entry}", "Entries.", null, new InstrumentAdvice<int> { HistogramBucketBoundaries = [3, 7] }).Record(5);
        Assert.Equal(3, (await ScrapeAsync()).Split('\n').Count(l => l.StartsWith("orleansstore_batch_size_bucket", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Observed_IsReadAtEachScrape_AndGoneWhenItIsNoLongerObserved()
    {
        var peers = new List<(string Name, long Bytes)> { ("dc2", 1), ("dc3", 2) };
        _ = _meter.CreateObservableGauge("orleansstore.link.queued", () => peers.Select(p => new Measurement<long>(p.Bytes, new KeyValuePair<string, object?>("peer", p.Name))), "By");
        Assert.Contains("peer=\"dc3\"} 2\n", await ScrapeAsync(), StringComparison.Ordinal);
        peers.RemoveAt(1);
        peers[0] = ("dc2", 7);
        var text = await ScrapeAsync();
        Assert.Contains("peer=\"dc2\"} 7\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("dc3", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ObservedCounter_ShowsItsTotal_HoweverOftenItIsScraped()
    {
        _ = _meter.CreateObservableCounter("orleansstore.log.records", () => 41L);
        await ScrapeAsync();
        Assert.Contains("} 41\n", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpDownCounter_IsAGaugeOfTheSum()
    {
        var counter = _meter.CreateUpDownCounter<int>("orleansstore.wal.waiting");
        counter.Add(5);
        counter.Add(-2);
        var text = await ScrapeAsync();
        Assert.Contains("# TYPE orleansstore_wal_waiting gauge\n", text, StringComparison.Ordinal);
        Assert.Contains("} 3\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gauge_ShowsItsLastValue()
    {
        var gauge = _meter.CreateGauge<double>("orleansstore.disk.free", "%");
        gauge.Record(5);
        gauge.Record(2.5);
        Assert.Contains($"orleansstore_disk_free_percent{Open}datacenter=\"{_datacenter}\"{Close} 2.5\n", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Series_AreBounded_AndTheRestFallsIntoOne()
    {
        var counter = _meter.CreateCounter<long>("orleansstore.many");
        for (var i = 0; i < 100; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        }

        var lines = (await ScrapeAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#').ToList();
        Assert.Equal(6, lines.Count);
        Assert.Contains("orleansstore_many_total{overflow=\"true\"} 95", lines);
    }

    [Fact]
    public async Task EqualLabels_AreOneSeries_InWhateverOrderTheyCome()
    {
        var counter = _meter.CreateCounter<long>("orleansstore.order");
        KeyValuePair<string, object?> a = new("a", "1"), b = new("b", "2");
        counter.Add(1, a, b);
        counter.Add(1, b, a);
        counter.Add(1, new("a", "1"), new("b", "2"));
        Assert.Single((await ScrapeAsync()).Split('\n'), l => l.EndsWith("} 3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Meters_OfOtherProductsAndDatacenters_AreNotShown()
    {
        using var other = new Meter("Other.Product", null, [new("datacenter", _datacenter)]);
        using var prefix = new Meter("OrleansStoreOther", null, [new("datacenter", _datacenter)]);
        using var elsewhere = new Meter("OrleansStore.Test", null, [new("datacenter", "elsewhere")]);
        foreach (var meter in (Meter[])[other, prefix, elsewhere])
        {
            meter.CreateCounter<long>("orleansstore.hidden").Add(1);
        }

        Assert.DoesNotContain("hidden", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callback_ThatThrows_HidesNothingElse()
    {
        _ = _meter.CreateObservableGauge("orleansstore.bad", long () => throw new InvalidOperationException());
        _ = _meter.CreateObservableGauge("orleansstore.good", () => 1L);
        Assert.Contains("orleansstore_good", await ScrapeAsync(), StringComparison.Ordinal);
        Assert.Equal(1, _collector.Failures);
    }

    [Fact]
    public async Task OneName_WithTwoTypes_ShowsTheFirst()
    {
        _meter.CreateGauge<long>("orleansstore.twice").Record(1);
        _meter.CreateUpDownCounter<long>("orleansstore.twice").Add(1);
        _meter.CreateHistogram<long>("orleansstore.twice").Record(1);
        Assert.Single((await ScrapeAsync()).Split('\n'), l => l.StartsWith("# TYPE orleansstore_twice ", StringComparison.Ordinal));
    }

    [Fact]
    public void Measuring_AllocatesNothing_OnceTheTagsAreKnown()
    {
        var counter = _meter.CreateCounter<long>("orleansstore.hot");
        var histogram = _meter.CreateHistogram<double>("orleansstore.hot.duration", "s");
        KeyValuePair<string, object?> a = new("route", "/v1/kv"), b = new("method", "GET");
        Measure(10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Measure(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Measure(int times)
        {
            for (var i = 0; i < times; i++)
            {
                counter.Add(1, a, b);
                histogram.Record(0.001, a, b);
            }
        }
    }

    [Fact]
    public async Task Measurements_AreNotLost_WhenManyThreadsMeasure()
    {
        var counter = _meter.CreateCounter<long>("orleansstore.race");
        var threads = Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("i", i % 3));
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        var total = (await ScrapeAsync()).Split('\n').Where(l => l.StartsWith("orleansstore_race_total", StringComparison.Ordinal))
            .Sum(l => long.Parse(l.Split(' ')[1], CultureInfo.InvariantCulture));
        Assert.Equal(40_000, total);
    }

    [Fact]
    public async Task Endpoint_ShowsRequestsAndTheProcess()
    {
        await using var host = await TestHost.StartAsync(new MemoryStore { Datacenter = _datacenter });
        await host.PutAsync("a", "1");
        await host.GetAsync("/v1/kv/missing");
        using (var raw = await host.ConnectAsync())
        {
            await raw.ExchangeAsync("BREW /v1/kv/a HTTP/1.1");
        }

        await host.AwaitMetricAsync($"orleansstore_http_in_flight{Open}datacenter=\"{_datacenter}\"{Close} 1");
        var reply = await host.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", reply.Header("Content-Type"));
        var lines = reply.Text.Split('\n');
        Assert.Contains($"orleansstore_http_requests_total{Open}datacenter=\"{_datacenter}\",method=\"PUT\",route=\"/v1/kv/{Open}key{Close}\",status=\"201\"{Close} 1", lines);
        Assert.Contains($"orleansstore_http_requests_total{Open}datacenter=\"{_datacenter}\",method=\"GET\",route=\"/v1/kv/{Open}key{Close}\",status=\"404\"{Close} 1", lines);
        Assert.Contains($"orleansstore_http_requests_total{Open}datacenter=\"{_datacenter}\",method=\"OTHER\",route=\"/v1/kv/{Open}key{Close}\",status=\"405\"{Close} 1", lines);
        Assert.Contains($"orleansstore_http_request_duration_seconds_count{Open}datacenter=\"{_datacenter}\",method=\"PUT\",route=\"/v1/kv/{Open}key{Close}\"{Close} 1", lines);
        foreach (var name in (string[])["process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds", "dotnet_gc_heap_bytes", "orleansstore_metrics_failures_total"])
        {
            Assert.Contains(lines, l => l.StartsWith(name + " ", StringComparison.Ordinal));
            Assert.Contains(lines, l => l.StartsWith($"# TYPE {name} ", StringComparison.Ordinal));
            Assert.Contains(lines, l => l.StartsWith($"# HELP {name} ", StringComparison.Ordinal));
        }

        // Every name is declared once, and every line is a comment or a sample.
        Assert.Equal(lines.Count(l => l.StartsWith("# TYPE", StringComparison.Ordinal)), lines.Where(l => l.StartsWith("# TYPE", StringComparison.Ordinal)).Distinct().Count());
        Assert.All(lines.Where(l => l.Length > 0 && l[0] != '#'), l => Assert.Matches("^[a-z_]+(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*\\})? [-+0-9.eEINFNaf]+$", l));
    }

    private const string Open = "{";
    private const string Close = "}";

    // Other tests of this process have meters without a datacenter nowhere, so what is shown is this test's.
    private async Task<string> ScrapeAsync()
    {
        var writer = new PrometheusWriter();
        await _collector.ScrapeAsync(
            families =>
            {
                foreach (var family in families)
                {
                    writer.Write(family);
                }
            },
            CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString(writer.Finish());
    }
}
