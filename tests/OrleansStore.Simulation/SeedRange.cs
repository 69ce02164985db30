using System.Collections.Concurrent;
using System.Globalization;

namespace OrleansStore.Simulation;

/// <summary>Seeds that are run one after the other on each core, as the environment says: <c>SIM_SEED</c> the first, <c>SIM_SEEDS</c> how many, <c>SIM_STOP=1</c> whether to end with the first violation.</summary>
/// <param name="First">The first seed.</param>
/// <param name="Count">How many.</param>
/// <param name="StopsAtViolation">Whether seeds behind one that fails are left out.</param>
internal sealed record SeedRange(ulong First, int Count, bool StopsAtViolation)
{
    /// <summary>What the environment says, and otherwise what a test wants.</summary>
    public static SeedRange Read(ulong first, int count)
    {
        var (seed, seeds) = (Environment.GetEnvironmentVariable("SIM_SEED"), Environment.GetEnvironmentVariable("SIM_SEEDS"));
        return new SeedRange(
            string.IsNullOrEmpty(seed) ? first : ulong.Parse(seed, CultureInfo.InvariantCulture),
            (string.IsNullOrEmpty(seeds), string.IsNullOrEmpty(seed)) switch
            {
                (false, _) => int.Parse(seeds!, CultureInfo.InvariantCulture),

                // A named seed is a replay: it runs alone.
                (true, false) => 1,
                _ => count,
            },
            Environment.GetEnvironmentVariable("SIM_STOP") == "1");
    }

    /// <summary>Runs the seeds, beside each other on all cores, for the worlds share nothing. One that fails keeps none before it from being run.</summary>
    /// <param name="run">Runs a seed; throws what a failed assertion throws.</param>
    /// <returns>What the failed seeds had to say, in their order; where the first violation ends it, of that one only.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(Func<ulong, Task> run)
    {
        var failures = new ConcurrentDictionary<long, string>();

        // Seeds are taken in order: all before the first violation have begun when it shows.
        await Parallel.ForEachAsync(Enumerable.Range(0, Count), async (offset, _) =>
        {
            if (StopsAtViolation && !failures.IsEmpty)
            {
                return;
            }

            try
            {
                await run(First + (ulong)offset);
            }
            catch (Xunit.Sdk.FailException e)
            {
                failures[offset] = e.Message;
            }
        });
        var ordered = failures.OrderBy(failure => failure.Key).Select(failure => failure.Value);
        return [.. StopsAtViolation ? ordered.Take(1) : ordered];
    }

    /// <inheritdoc cref="RunAsync(Func{ulong, Task})"/>
    public Task<IReadOnlyList<string>> RunAsync(Action<ulong> run) => RunAsync(seed =>
    {
        run(seed);
        return Task.CompletedTask;
    });
}
