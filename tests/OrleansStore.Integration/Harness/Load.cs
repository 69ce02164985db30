using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace OrleansStore.Integration.Harness;

/// <summary>Writers, each with a key of its own that it counts up, and readers of these keys. A write whose fate is unknown is sent again under its idempotency key, at another datacenter,
/// until it is answered; so the value acknowledged last is the newest there is, and what a read may return is known.</summary>
internal sealed class Load
{
    private readonly IReadOnlyList<StoreClient> _clients;
    private readonly string _prefix;
    private readonly long[] _floors;
    private readonly long[] _attempted;
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly Task[] _running;
    private volatile bool _isStopping;
    private long _writes;
    private long _reads;
    private long _longestGapTicks;

    private Load(IReadOnlyList<StoreClient> clients, string prefix, int keys)
    {
        _clients = clients;
        _prefix = prefix;
        _floors = new long[keys];
        _attempted = new long[keys];
        _running = [.. Enumerable.Range(0, keys).SelectMany(key => new[] { WriteAsync(key), ReadAsync(key) })];
    }

    /// <summary>Writes answered so far.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Reads answered so far.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>The longest time that a writer waited from one acknowledgement to the next.</summary>
    public TimeSpan LongestGap => TimeSpan.FromTicks(Interlocked.Read(ref _longestGapTicks));

    public static Load Start(IReadOnlyList<StoreClient> clients, string prefix, int keys = 8) => new(clients, prefix, keys);

    /// <summary>Forgets the gaps so far: those of a first use are not those of a failure.</summary>
    public void ForgetGaps() => Interlocked.Exchange(ref _longestGapTicks, 0);

    /// <summary>Waits until this many more writes were acknowledged than now.</summary>
    public async Task MoreAsync(int writes)
    {
        var goal = Writes + writes;
        await Until.TrueAsync($"{writes} more writes are acknowledged", () => Writes >= goal, seconds: 60);
    }

    /// <summary>Ends the load. No read may have returned what was overwritten before it began, or what nobody wrote.</summary>
    public async Task StopAsync()
    {
        _isStopping = true;
        await Task.WhenAll(_running);
        Assert.True(_violations.IsEmpty, $"{_violations.Count} answers were wrong:\n{string.Join('\n', _violations.Take(10))}");
        Assert.True(Writes > 0 && Reads > 0, $"The load did nothing: {Writes} writes, {Reads} reads.");
    }

    /// <summary>Every acknowledged write is there, read through each of these datacenters.</summary>
    public async Task VerifyAsync(IEnumerable<StoreClient> clients)
    {
        foreach (var client in clients)
        {
            for (var key = 0; key < _floors.Length; key++)
            {
                var (floor, read) = (Interlocked.Read(ref _floors[key]), -1L);
                await Until.TrueAsync($"{client.Address} answers for {_prefix}{key}", async () => (read = await TryReadAsync(client, key)) >= 0);
                Assert.True(read >= floor && read <= _attempted[key], $"{client.Address} has {read} for {_prefix}{key}; {floor} was acknowledged, {_attempted[key]} sent.");
            }
        }
    }

    /// <summary>Waits until the local replica of a datacenter has caught up with every acknowledged write.</summary>
    public async Task CaughtUpAsync(StoreClient client)
    {
        for (var key = 0; key < _floors.Length; key++)
        {
            var (floor, path) = (Interlocked.Read(ref _floors[key]), $"/v1/kv/{_prefix}{key}?consistency=eventual");
            await Until.TrueAsync($"{client.Address} has caught up on {_prefix}{key}", async () =>
                await client.TrySendAsync("GET", path) is { Status: HttpStatusCode.OK } answer && Number(answer.Body) >= floor);
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private async Task WriteAsync(int key)
    {
        var lastAcknowledged = Stopwatch.GetTimestamp();
        for (var value = 1L; !_isStopping; value++)
        {
            Interlocked.Exchange(ref _attempted[key], value);
            var isAcknowledged = false;
            for (var attempt = 0; !isAcknowledged && !_isStopping; attempt++)
            {
                isAcknowledged = await TryWriteAsync(_clients[(key + attempt) % _clients.Count], key, value);
            }

            if (isAcknowledged)
            {
                Raise(ref _floors[key], value);
                Interlocked.Increment(ref _writes);
                Raise(ref _longestGapTicks, Stopwatch.GetElapsedTime(lastAcknowledged).Ticks);
                lastAcknowledged = Stopwatch.GetTimestamp();
            }
        }
    }

    private async Task<bool> TryWriteAsync(StoreClient client, int key, long value)
    {
        var answer = await client.TrySendAsync(
            "PUT", $"/v1/kv/{_prefix}{key}", value.ToString(CultureInfo.InvariantCulture), ("Idempotency-Key", $"{key}-{value}"), ("OrleansStore-Timeout", "3000"));
        if (answer is { Status: not (HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout) })
        {
            _violations.Enqueue($"a write of {_prefix}{key} through {client.Address} was answered {answer}");
        }

        return answer?.Status is HttpStatusCode.OK or HttpStatusCode.Created;
    }

    // Linearizable per key: a read returns at least what was acknowledged, or read by anybody, before it began, and at most what was sent before it ended.
    private async Task ReadAsync(int key)
    {
        for (var n = key; !_isStopping; n++)
        {
            var client = _clients[n % _clients.Count];
            var floor = Interlocked.Read(ref _floors[key]);
            var read = await TryReadAsync(client, key);
            if (read < 0)
            {
                continue;
            }

            var attempted = Interlocked.Read(ref _attempted[key]);
            if (read < floor || read > attempted)
            {
                _violations.Enqueue($"{client.Address} returned {read} for {_prefix}{key}; {floor} was known before, {attempted} sent.");
            }

            Raise(ref _floors[key], read);
            Interlocked.Increment(ref _reads);
        }
    }

    // The number read, 0 where there is no record, -1 where there is no answer.
    private async Task<long> TryReadAsync(StoreClient client, int key) =>
        await client.TrySendAsync("GET", $"/v1/kv/{_prefix}{key}", null, ("OrleansStore-Timeout", "3000")) switch
        {
            { Status: HttpStatusCode.OK } answer => Number(answer.Body),
            { Status: HttpStatusCode.NotFound } => 0,
            _ => -1,
        };

    private static void Raise(ref long location, long value)
    {
        var current = Interlocked.Read(ref location);
        while (value > current)
        {
            var seen = Interlocked.CompareExchange(ref location, value, current);
            if (seen == current)
            {
                return;
            }

            current = seen;
        }
    }
}
