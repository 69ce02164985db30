using System.Buffers;
using System.IO.Pipelines;
using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Links;

/// <summary>One connection after its hellos: moves frames from its queue to the peer and from the peer to the session.</summary>
/// <remarks>
/// <code>
///   TrySend → SendQueue → (token bucket, bulk only) → Output → peer
///   session ← FrameReader ← Input ← peer
/// </code>
/// All but the queue runs on the links' scheduler. Whatever was queued goes out with one flush, up to <see cref="LinkOptions.MaxFlushBytes"/>; then the
/// loop gives way, so that a busy bulk connection never keeps the scheduler from a heartbeat.
/// </remarks>
internal sealed class LinkConnection
{
    private readonly IPeerConnection _connection;
    private readonly IFrameSink _sink;
    private readonly LinkEnvironment _environment;
    private readonly LinkTraffic _traffic;
    private readonly TokenBucket? _rate;
    private readonly int _maxFlushBytes;
    private bool _isHeartbeatDue;
    private bool _isClosed;

    public LinkConnection(
        LinkClass linkClass, IPeerConnection connection, IFrameSink sink, LinkOptions options, LinkEnvironment environment, LinkTraffic traffic)
    {
        LinkClass = linkClass;
        _connection = connection;
        _sink = sink;
        _environment = environment;
        _traffic = traffic;
        _maxFlushBytes = options.MaxFlushBytes;
        var wake = new TaskPipeScheduler(environment.Scheduler);
        var isBulk = linkClass == LinkClass.Bulk;
        Queue = isBulk ? new SendQueue(options.BulkQueueBytes, 64 << 10, wake) : new SendQueue(options.ControlQueueBytes, 16 << 10, wake);
        _rate = isBulk ? new TokenBucket(options.BulkBytesPerSecond, options.BulkBurstBytes, environment.Now) : null;
    }

    public LinkClass LinkClass { get; }

    public SendQueue Queue { get; }

    /// <summary>Bytes of frames handed to the connection.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Bytes of frames received, those of a frame not yet complete included.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>Has a heartbeat sent before anything else that waits.</summary>
    public void RequestHeartbeat()
    {
        _isHeartbeatDue = true;
        Queue.Reader.CancelPendingRead();
    }

    /// <summary>Ends both loops. More than one call does nothing.</summary>
    public void Close()
    {
        _isClosed = true;
        Queue.Close();
        _connection.Abort();
    }

    /// <summary>Moves frames until the connection ends, then frees everything.</summary>
    /// <param name="onEnd">Called once, with the reason, as soon as either direction ended.</param>
    public async Task RunAsync(Action<string> onEnd)
    {
        // Whoever starts the session has more to do in this turn before the first frame may come.
        await Task.Yield();
        var writing = GuardAsync(WriteAsync, onEnd);
        await GuardAsync(ReadAsync, onEnd);
        await writing;
        await Queue.Reader.CompleteAsync();
        await _connection.DisposeAsync();
    }

    private static async Task GuardAsync(Func<Task<string>> loop, Action<string> onEnd)
    {
        try
        {
            onEnd(await loop());
        }
        catch (CorruptionException exception)
        {
            onEnd(exception.Message);
        }
        catch (Exception exception) when (ConnectionFailure.Is(exception))
        {
            onEnd($"the connection broke: {exception.Message}");
        }
        catch (Exception exception)
        {
            // A bug of ours, or of the handler: the connection does not go on as if nothing had happened.
            onEnd($"a defect: {exception.Message}");
            throw;
        }
    }

    private async Task<string> ReadAsync()
    {
        var input = _connection.Input;
        var leftover = 0L;
        while (true)
        {
            var read = await input.ReadAsync().Stay();
            var buffer = read.Buffer;
            CountReceived(buffer.Length - leftover);
            try
            {
                ProcessFrames(ref buffer);
            }
            finally
            {
                _sink.OnBatchEnd();
            }

            leftover = buffer.Length;
            input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return leftover == 0 ? "the peer closed the connection" : $"the connection ended {leftover} bytes into a frame";
            }

            // A peer that sends faster than we read would otherwise hold the scheduler for ever.
            await Task.Yield();
        }
    }

    private void ProcessFrames(ref ReadOnlySequence<byte> buffer)
    {
        while (FrameFormat.TryReadHeader(buffer, out var header) && buffer.Length >= header.FrameBytes)
        {
            var payload = buffer.Slice(FrameFormat.HeaderBytes, header.PayloadBytes);
            if (payload.IsSingleSegment)
            {
                Deliver(header, payload.FirstSpan);
            }
            else
            {
                var scratch = ArrayPool<byte>.Shared.Rent(header.PayloadBytes);
                payload.CopyTo(scratch);
                Deliver(header, scratch.AsSpan(0, header.PayloadBytes));
                ArrayPool<byte>.Shared.Return(scratch);
            }

            buffer = buffer.Slice(header.FrameBytes);
        }
    }

    private void Deliver(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        header.Verify(payload);
        _sink.OnFrame(this, header.Type, payload);
    }

    private async Task<string> WriteAsync()
    {
        var output = _connection.Output;
        while (true)
        {
            var read = await Queue.Reader.ReadAsync().Stay();
            if (_isHeartbeatDue)
            {
                _isHeartbeatDue = false;
                WriteHeartbeat(output);
            }

            // What is handed over before the batch stands between frames only if every batch ends with a frame. Bulk has nothing to insert, and a rate to keep.
            var bytes = _rate is null
                ? FrameFormat.WholeFrames(read.Buffer, _maxFlushBytes)
                : await GrantAsync(_rate, (int)Math.Min(read.Buffer.Length, _maxFlushBytes));
            var batch = read.Buffer.Slice(0, bytes);
            foreach (var segment in batch)
            {
                output.Write(segment.Span);
            }

            Queue.Consume(batch.End, bytes);
            CountSent(bytes);
            var flushed = await output.FlushAsync().Stay();
            if (flushed.IsCompleted || flushed.IsCanceled || _isClosed)
            {
                return "the peer closed the connection";
            }

            await Task.Yield();
        }
    }

    // Bytes, not frames: the rate holds within a frame of megabytes, too.
    private async ValueTask<int> GrantAsync(TokenBucket rate, int wanted)
    {
        while (wanted > 0 && !_isClosed)
        {
            var granted = rate.Take(wanted, _environment.Now);
            if (granted > 0)
            {
                return granted;
            }

            await Task.Delay(rate.WaitFor(wanted, _environment.Now), _environment.Time);
        }

        return wanted;
    }

    private void WriteHeartbeat(PipeWriter output)
    {
        Span<byte> payload = stackalloc byte[Heartbeat.SizeBytes];
        _sink.NextHeartbeat().Encode(payload);
        FrameFormat.Write(output, FrameType.Heartbeat, payload);
        CountSent(FrameFormat.HeaderBytes + Heartbeat.SizeBytes);
    }

    private void CountSent(long bytes)
    {
        SentBytes += bytes;
        _traffic.CountSent(bytes);
    }

    private void CountReceived(long bytes)
    {
        ReceivedBytes += bytes;
        _traffic.CountReceived(bytes);
    }
}
