using System.Buffers;
using System.IO.Pipelines;
using OrleansStore.Http.Problems;
using PipeRead = System.IO.Pipelines.ReadResult;

namespace OrleansStore.Http.Bodies;

/// <summary>Reads the pieces of a body until a deadline. A timer is started only where a piece has to be waited for.</summary>
/// <remarks>The end of the time cancels the pending read and not a token: a read that ends by its token leaves the server's reader unusable.</remarks>
/// <param name="exchange">The request.</param>
/// <param name="limit">How long reading may take; null for the rest of the request's time.</param>
internal sealed class TimedReader(Exchange exchange, TimeSpan? limit = null) : IDisposable
{
    private readonly PipeReader _reader = exchange.Http.Request.BodyReader;
    private readonly TimeSpan _end = limit is { } time ? exchange.Elapsed + time : exchange.Timeout;
    private ITimer? _timer;

    /// <summary>The answer to a body that did not come in time. Nothing was proposed, and the rest of the body may come any time: the connection ends.</summary>
    public static Problem TooSlow() =>
        new(ProblemTypes.Unavailable, "The body did not arrive before the deadline. Nothing was proposed.") { ClosesConnection = true };

    /// <summary>Reads the next piece.</summary>
    /// <returns>The piece, to be given back with <see cref="AdvanceTo"/>; null where time is up.</returns>
    public async ValueTask<PipeRead?> ReadAsync()
    {
        exchange.Body.IsStarted = true;
        if (_reader.TryRead(out var result) && !result.IsCanceled)
        {
            return result;
        }

        while (true)
        {
            if (result.IsCanceled)
            {
                // A timer that fired too late for the request before may have hit this one.
                _reader.AdvanceTo(result.Buffer.Start, result.Buffer.Start);
            }

            var left = _end - exchange.Elapsed;
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            Arm(left);
            result = await _reader.ReadAsync(CancellationToken.None);
            if (!result.IsCanceled)
            {
                return result;
            }
        }
    }

    /// <summary>Gives a piece back; all of it was used.</summary>
    public void AdvanceTo(ReadOnlySequence<byte> piece)
    {
        exchange.Body.BytesRead += piece.Length;
        _reader.AdvanceTo(piece.End);
    }

    public void Dispose() => _timer?.Dispose();

    private void Arm(TimeSpan left)
    {
        // Timers count whole milliseconds and may fire early.
        _timer ??= exchange.Facade.Time.CreateTimer(static reader => ((PipeReader)reader!).CancelPendingRead(), _reader, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }
}
