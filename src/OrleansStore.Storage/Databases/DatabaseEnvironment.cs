using Microsoft.Extensions.Logging;

namespace OrleansStore.Storage.Databases;

/// <summary>What storage on a database is given from outside.</summary>
/// <param name="Database">The database port; owned by whoever made it.</param>
/// <param name="Options">The bounds; validated.</param>
/// <param name="Scheduler">Runs the loops of claims and flushes. They await the database and never block.</param>
/// <param name="Time">The clocks: its timestamps are the monotonic clock that claims are counted on.</param>
/// <param name="Random">Draws the ids of claims: in production a cryptographic source, since these must never repeat. Used from one thread at a time.</param>
/// <param name="Logger">Where to say what an operator should know.</param>
internal sealed record DatabaseEnvironment(
    IReplicaDatabase Database, DatabaseOptions Options, TaskScheduler Scheduler, TimeProvider Time, IRandomSource Random, ILogger Logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    public MonotonicTime Now => new(Time.GetElapsedTime(0).Ticks);

    /// <summary>How long to wait before a call is repeated for the n-th time, from 0.</summary>
    public static TimeSpan DelayBefore(int attempt) => attempt >= 5 ? LongestDelay : FirstDelay * (1 << attempt);

    public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, Time, cancellationToken);

    /// <summary>Repeats a call while it fails transiently, for as long as <see cref="DatabaseOptions.RetryFor"/>. Only for calls that may take effect twice.</summary>
    /// <exception cref="StoreException">The last failure; transient where the time ran out.</exception>
    public async ValueTask<T> RetryAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        var end = Now + Options.RetryFor;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await call(cancellationToken);
            }
            catch (StoreException reason) when (reason.IsTransient && reason.Code != ErrorCode.DiskFull && Now < end)
            {
                await DelayAsync(DelayBefore(attempt), cancellationToken);
            }
        }
    }
}
