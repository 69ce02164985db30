using System.Diagnostics;
using System.Globalization;
using OrleansStore.Client;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Grains.Tests.Harness;

/// <summary>Writers, each with a key of its own that it counts up, through several stores in turn. What was acknowledged last is the least that a read may return.</summary>
internal sealed class PairLoad : IAsyncDisposable
{
    private const int Keys = 8;

    private readonly IReadOnlyList<IStore> _stores;
    private readonly string _prefix;
    private readonly long[] _acknowledged = new long[Keys];
    private readonly long[] _attempted = new long[Keys];
    private readonly Task[] _running;
    private volatile bool _isStopping;
    private long _writes;
    private long _longestGapTicks;

    private PairLoad(IReadOnlyList<IStore> stores, string prefix)
    {
        (_stores, _prefix) = (stores, prefix);
        _running = [.. Enumerable.Range(0, Keys).Select(WriteAsync)];
    }

    /// <summary>The longest time that a writer waited from one acknowledgement to the next.</summary>
    public TimeSpan LongestGap => TimeSpan.FromTicks(Interlocked.Read(ref _longestGapTicks));

    public static PairLoad Start(IReadOnlyList<IStore> stores, string prefix) => new(stores, prefix);

    /// <summary>Forgets the gaps so far: those of a first use are not those of a failure.</summary>
    public void ForgetGaps() => Interlocked.Exchange(ref _longestGapTicks, 0);

    /// <summary>Waits until this many more writes were acknowledged than now.</summary>
    public async Task MoreAsync(int writes)
    {
        var goal = Interlocked.Read(ref _writes) + writes;
        await Until.TrueAsync($"{writes} more writes are acknowledged", () => Interlocked.Read(ref _writes) >= goal || _running.Any(task => task.IsFaulted), seconds: 60);
        await Task.WhenAll(_running.Where(task => task.IsFaulted));
    }

    /// <summary>Ends the writers.</summary>
    public async Task StopAsync()
    {
        _isStopping = true;
        await Task.WhenAll(_running);
    }

    /// <summary>Every acknowledged write is there, read through each of these stores.</summary>
    public async Task VerifyAsync(IEnumerable<IStore> stores)
    {
        foreach (var store in stores)
        {
            for (var key = 0; key < Keys; key++)
            {
                var read = Number(await store.GetTextAsync($"{_prefix}{key}"));
                Assert.True(read >= _acknowledged[key] && read <= _attempted[key], $"{_prefix}{key} is {read}; {_acknowledged[key]} was acknowledged, {_attempted[key]} sent.");
            }
        }
    }

    /// <summary>Waits until the local replicas of a store's datacenter have every acknowledged write.</summary>
    public async Task CaughtUpAsync(IStore store)
    {
        for (var key = 0; key < Keys; key++)
        {
            var name = StoreKey.FromText($"{_prefix}{key}");
            await Until.TrueAsync(
                $"{_prefix}{key} has caught up", async () => Number((await store.GetAsync(name, ReadOptions.Eventual))?.GetText()) >= _acknowledged[key], seconds: 60);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private static long Number(string? text) => text is null ? 0 : long.Parse(text, CultureInfo.InvariantCulture);

    private async Task WriteAsync(int key)
    {
        await Task.Yield();
        var last = Stopwatch.GetTimestamp();
        for (var value = 1L; !_isStopping; value++)
        {
            _attempted[key] = value;
            var outcome = await _stores[(int)((key + value) % _stores.Count)].PutTextAsync($"{_prefix}{key}", value.ToString(CultureInfo.InvariantCulture));
            if (outcome is WriteOutcome.Unknown)
            {
                // It may be there, or come yet; the next value is larger.
                continue;
            }

            outcome.ThrowIfNotApplied();
            _acknowledged[key] = value;
            Interlocked.Increment(ref _writes);
            var gap = Stopwatch.GetElapsedTime(last).Ticks;
            last = Stopwatch.GetTimestamp();
            for (var longest = Interlocked.Read(ref _longestGapTicks); gap > longest; longest = Interlocked.Read(ref _longestGapTicks))
            {
                Interlocked.CompareExchange(ref _longestGapTicks, gap, longest);
            }
        }
    }
}
