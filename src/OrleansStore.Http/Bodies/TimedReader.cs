using System.Buffers;
using System.IO.Pipelines;
using OrleansStore.Http.Problems;
using PipeRead = System.IO.Pipelines.ReadResult;

namespace OrleansStore.Http.Bodies;

/// <summary>Reads the pieces of a body until the request's deadline. A timer is started only where a piece has to be waited for.</summary>
/// <param name="exchange">The request.</param>
/// <param name="limit">How long reading may take; null for the rest of the request's time.</param>
internal sealed class TimedReader(Exchange exchange, TimeSpan? limit = null) : IDisposable
{
    private readonly PipeReader _reader = exchange.Http.Request.BodyReader;
    private CancellationTokenSource? _deadline;

    /// <summary>The answer to a body that did not come in time. Nothing was proposed, and the rest of the body may come any time: the connection ends.</summary>
    public static Problem TooSlow() =>
        new(ProblemTypes.Unavailable, "The body did not arrive before the deadline. Nothing was proposed.") { ClosesConnection = true };

    /// <summary>Reads the next piece.</summary>
    /// <returns>The piece, to be given back with <see cref="AdvanceTo"/>; null where time is up.</returns>
    public async ValueTask<PipeRead?> ReadAsync()
    {
        exchange.Body.IsStarted = true;
        if (_reader.TryRead(out var result))
        {
            return result;
        }

        if (_deadline is null)
        {
            var time = limit ?? exchange.Remaining;
            if (time <= TimeSpan.Zero)
            {
                return null;
            }

            _deadline = new CancellationTokenSource(time, exchange.Facade.Time);
        }

        try
        {
            return await _reader.ReadAsync(_deadline.Token);
        }
        catch (OperationCanceledException) when (_deadline.IsCancellationRequested && !exchange.Http.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Gives a piece back; all of it was used.</summary>
    public void AdvanceTo(ReadOnlySequence<byte> piece)
    {
        exchange.Body.BytesRead += piece.Length;
        _reader.AdvanceTo(piece.End);
    }

    public void Dispose() => _deadline?.Dispose();
}
