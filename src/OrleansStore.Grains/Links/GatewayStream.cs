using System.Buffers;
using System.IO.Pipelines;
using OrleansStore.Datacenters.Links;
using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Grains.Links;

/// <summary>A byte stream to another datacenter over calls of its gateway grain: what a flush has goes out as one batch, and a few batches are under way at a time.</summary>
/// <remarks>
/// <code>
///   links → Output → PumpAsync → gateway of the other cluster        (at most MaxUnderWay calls)
///   links ← Input  ← ReceiveAsync ← own gateway grain                (answered when there is room)
/// </code>
/// <para>Back-pressure: a batch is answered once it is in order in the input pipe and that has room; past <see cref="MaxUnderWay"/> unanswered ones the pump waits; past its threshold the output pipe
/// makes the writer wait. So at most <see cref="MaxUnderWay"/> batches and two pipes are held, whatever the speed of the reader.</para>
/// <para>No turn of a bucket waits for any of this: payloads are queued by the links, and dropped when that queue is full.</para>
/// </remarks>
internal sealed class GatewayStream : IPeerConnection
{
    /// <summary>The most bytes of a batch.</summary>
    public const int MaxBatchBytes = 64 << 10;

    /// <summary>The most batches that are sent and not answered.</summary>
    public const int MaxUnderWay = 8;

    // Batches that came before their turn. Each is answered at once, so the sender's bound is not theirs.
    private const int MaxEarly = 64;

    private static readonly PipeOptions Bounded = new(
        pauseWriterThreshold: 512 << 10, resumeWriterThreshold: 256 << 10, minimumSegmentSize: 16 << 10, useSynchronizationContext: false);

    private readonly Pipe _input = new(Bounded);
    private readonly Pipe _output = new(Bounded);
    private readonly SemaphoreSlim _underWay = new(MaxUnderWay);
    private readonly SemaphoreSlim _receiving = new(1);
    private readonly SortedDictionary<long, StreamBatch> _early = [];

    // Without a timer it holds nothing, so it is never disposed of: whoever comes late may still look at it.
    private readonly CancellationTokenSource _broken = new();
    private readonly string _local;
    private readonly RemoteGateway _gateway;
    private readonly GatewayStreams _streams;
    private Task _pump = Task.CompletedTask;
    private long _nextReceived;
    private int _isBroken;
    private volatile bool _isEnded;

    /// <summary>Creates a stream that nothing flows through before <see cref="OpenAsync"/>.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="local">The name of this datacenter.</param>
    /// <param name="gateway">The other cluster.</param>
    /// <param name="streams">Forgets the stream when it is over.</param>
    public GatewayStream(StreamId id, string local, RemoteGateway gateway, GatewayStreams streams)
    {
        Id = id;
        _local = local;
        _gateway = gateway;
        _streams = streams;
    }

    public StreamId Id { get; }

    public PipeReader Input => _input.Reader;

    public PipeWriter Output => _output.Writer;

    public string Remote => _gateway.Datacenter;

    public ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        // Off the links' scheduler: copying batches must not keep a heartbeat waiting.
        _pump = Task.Factory.StartNew(PumpAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
        return ValueTask.CompletedTask;
    }

    // Who may call itself what is settled by where answers go: they are sent to the gateway that shows the certificate of that name. See the README.
    public string? FindNameMismatch(string datacenter) =>
        datacenter == Remote ? null : $"the stream belongs to {Remote}, its holder calls itself {datacenter}";

    public async ValueTask EndAsync()
    {
        _isEnded = true;
        await _output.Writer.CompleteAsync();
        await _pump;
    }

    public void Abort()
    {
        if (Break("the connection was closed"))
        {
            _gateway.Abort(Id, _local);
        }
    }

    /// <summary>The other side broke the stream.</summary>
    public void BreakFromOutside() => Break("the peer broke the connection");

    /// <summary>Takes bytes in.</summary>
    /// <returns>True when there is room for more; false where the stream is over.</returns>
    public async ValueTask<bool> ReceiveAsync(StreamBatch batch)
    {
        // One writer at a time; who waits here is a batch that its sender counts as under way.
        await _receiving.WaitAsync();
        try
        {
            if (_isBroken != 0 || batch.Sequence < _nextReceived || _early.Count >= MaxEarly)
            {
                Break("the peer sent what it may not");
                return false;
            }

            _early[batch.Sequence] = batch;
            return await DeliverAsync();
        }
        catch (OperationCanceledException)
        {
            // It broke while the batch waited for room.
            return false;
        }
        finally
        {
            _receiving.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isEnded)
        {
            Abort();
        }

        await _input.Reader.CompleteAsync();
        await _output.Writer.CompleteAsync();
        await _pump;
        _streams.Remove(this);
    }

    private async ValueTask<bool> DeliverAsync()
    {
        while (_early.Remove(_nextReceived, out var next))
        {
            _nextReceived++;
            _input.Writer.Write(next.Bytes);
            if (next.IsLast)
            {
                await _input.Writer.CompleteAsync();
                return true;
            }
        }

        var flushed = await _input.Writer.FlushAsync(_broken.Token);
        return !flushed.IsCompleted;
    }

    private async Task PumpAsync()
    {
        try
        {
            for (long sequence = 0; ; sequence++)
            {
                await _underWay.WaitAsync(_broken.Token);
                var read = await _output.Reader.ReadAsync(_broken.Token);
                var isAll = read.Buffer.Length <= MaxBatchBytes;
                var taken = isAll ? read.Buffer : read.Buffer.Slice(0, MaxBatchBytes);
                var batch = new StreamBatch(Id, _local, sequence, taken.ToArray(), IsLast: read.IsCompleted && isAll);
                _output.Reader.AdvanceTo(taken.End);
                var sending = SendAsync(batch);
                if (batch.IsLast)
                {
                    await sending;
                    return;
                }
            }
        }
        catch (Exception reason) when (reason is OperationCanceledException or ObjectDisposedException)
        {
            // The stream broke; whoever reads it has been told.
        }
        finally
        {
            await _output.Reader.CompleteAsync(new IOException("the connection is closed"));
        }
    }

    // Never fails: it is the stream that does.
    private async Task SendAsync(StreamBatch batch)
    {
        try
        {
            if (!await _gateway.SendAsync(batch))
            {
                Break($"{Remote} does not know the connection any more");
            }
        }
        catch (Exception reason) when (RemoteGateway.IsFailure(reason))
        {
            Break(reason.Message);
        }

        if (_isBroken == 0)
        {
            _underWay.Release();
        }
    }

    private bool Break(string reason)
    {
        if (Interlocked.Exchange(ref _isBroken, 1) != 0)
        {
            return false;
        }

        _ = BreakAsync(new IOException(reason));
        return true;
    }

    private async Task BreakAsync(IOException reason)
    {
        // Writers of the input are one at a time; with the token cancelled, one that waits for room gives way.
        await _broken.CancelAsync();
        await _receiving.WaitAsync();
        await _input.Writer.CompleteAsync(reason);
        _receiving.Release();
        _streams.Remove(this);
    }
}
