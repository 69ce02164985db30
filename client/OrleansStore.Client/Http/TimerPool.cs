using System.Collections.Concurrent;

namespace OrleansStore.Client.Http;

/// <summary>Deadlines of attempts. What did not fire is used again: a request in good order allocates no timer.</summary>
internal sealed class TimerPool(TimeProvider time)
{
    private const int MaxIdle = 1024;

    private readonly ConcurrentQueue<CancellationTokenSource> _idle = new();

    /// <summary>Starts a deadline.</summary>
    /// <param name="delay">Above zero.</param>
    /// <param name="cancellationToken">Ends it earlier.</param>
    public Timer Start(TimeSpan delay, CancellationToken cancellationToken)
    {
        if (!_idle.TryDequeue(out var source))
        {
            source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        }

        source.CancelAfter(delay);
        var registration = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
        return new Timer(this, source, registration);
    }

    private void Return(CancellationTokenSource source)
    {
        if (_idle.Count < MaxIdle && source.TryReset())
        {
            _idle.Enqueue(source);
        }
        else
        {
            source.Dispose();
        }
    }

    /// <summary>One running deadline.</summary>
    internal readonly struct Timer(TimerPool pool, CancellationTokenSource source, CancellationTokenRegistration registration) : IDisposable
    {
        public CancellationToken Token => source.Token;

        public void Dispose()
        {
            // Waits for a callback under way, so that none cancels the source for its next user.
            registration.Dispose();
            pool.Return(source);
        }
    }
}
