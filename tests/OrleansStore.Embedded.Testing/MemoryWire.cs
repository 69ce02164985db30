using System.Buffers;
using System.IO.Pipelines;
using OrleansStore.Datacenters.Links;
using OrleansStore.Service.Peers;

namespace OrleansStore.Embedded.Testing;

/// <summary>One direction of a connection: a pipe at the sender, a pump that takes its time, a pipe at the receiver.</summary>
internal sealed class MemoryWire
{
    private const int BufferBytes = 64 << 10;

    private readonly MemoryPeerNetwork _network;
    private readonly (DatacenterId From, DatacenterId To, LinkClass LinkClass) _line;
    private readonly Pipe _sending;
    private readonly Pipe _receiving;
    private TaskCompletionSource _healed = NewSignal();
    private bool _isAborted;

    public MemoryWire(MemoryPeerNetwork network, DatacenterId from, DatacenterId to, LinkClass linkClass, VirtualProcess sender, VirtualProcess receiver)
    {
        _network = network;
        _line = (from, to, linkClass);
        var outside = new TaskPipeScheduler(network.World.Outside.Scheduler);
        _sending = new Pipe(Options(outside, new TaskPipeScheduler(sender.Scheduler)));
        _receiving = new Pipe(Options(new TaskPipeScheduler(receiver.Scheduler), outside));
        network.Add(this);
        _ = network.World.Outside.Start(PumpAsync);
    }

    public PipeReader Reader => _receiving.Reader;

    public PipeWriter Writer => _sending.Writer;

    public bool Touches(DatacenterId datacenter) => _line.From == datacenter || _line.To == datacenter;

    /// <summary>The line may be alive again.</summary>
    public void Wake() => _healed.TrySetResult();

    /// <summary>The sender gives the connection up: the receiver gets a reset, when the line carries it.</summary>
    public void AbortWriting()
    {
        _isAborted = true;
        _sending.Writer.CancelPendingFlush();
        _sending.Reader.CancelPendingRead();
    }

    /// <summary>The receiver gives the connection up: its own reads end at once.</summary>
    public void AbortReading() => _receiving.Writer.Complete(new IOException("the connection was aborted"));

    private static PipeOptions Options(PipeScheduler reader, PipeScheduler writer) =>
        new(MemoryPool<byte>.Shared, reader, writer, BufferBytes, BufferBytes / 2, useSynchronizationContext: false);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task PumpAsync()
    {
        Exception? error = null;
        try
        {
            while (!_isAborted)
            {
                var read = await Stay(_sending.Reader.ReadAsync());
                await Task.Delay(_network.Latency, _network.World.Outside.Time);
                await AliveAsync();
                if (_isAborted)
                {
                    break;
                }

                var bytes = read.Buffer.ToArray();
                _network.World.Observe(bytes);
                _receiving.Writer.Write(bytes);
                _network.DeliveredBytes += read.Buffer.Length;
                _sending.Reader.AdvanceTo(read.Buffer.End);
                await Stay(_receiving.Writer.FlushAsync());
                if (read.IsCompleted)
                {
                    break;
                }
            }

            error = _isAborted ? new IOException("the peer reset the connection") : null;
            await AliveAsync();
        }
        catch (InvalidOperationException)
        {
            // The receiver has given the connection up.
        }

        await _receiving.Writer.CompleteAsync(error);
        await _sending.Reader.CompleteAsync();
    }

    private async Task AliveAsync()
    {
        while (_network.IsDead(_line.From, _line.To, _line.LinkClass))
        {
            await _healed.Task;
            _healed = NewSignal();
        }
    }

    private static async ValueTask<T> Stay<T>(ValueTask<T> task) => task.IsCompleted ? task.Result : await task.AsTask();
}
