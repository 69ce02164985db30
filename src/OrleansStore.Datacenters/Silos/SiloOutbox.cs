using System.Buffers;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace OrleansStore.Datacenters.Silos;

/// <summary>The frames that wait to go to one other silo, in order: many writers, one batch under way at a time. Bounded; what is lost on the way is not sent again.</summary>
/// <param name="to">The silo.</param>
/// <param name="cluster">Delivers batches.</param>
/// <param name="logger">Where to log.</param>
/// <param name="onMisplaced">Is told of buckets whose frames were sent there and are elsewhere.</param>
internal sealed partial class SiloOutbox(SiloName to, ISiloCluster cluster, ILogger logger, Action<SiloName, ImmutableArray<BucketId>> onMisplaced)
{
    /// <summary>The most bytes that wait (invariant 10). Above the longest payload.</summary>
    public const int MaxQueuedBytes = 16 << 20;

    // A buffer that grew beyond it in a busy moment is given back.
    private const int MaxKeptBytes = 1 << 20;

    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte> _sending = new();
    private bool _isSending;
    private volatile bool _isClosed;

    /// <summary>Queues a frame. Neither blocks nor throws.</summary>
    /// <returns>False, and the frame is dropped, where there is no room or the silo is gone.</returns>
    public bool TryAdd(in SiloFrame frame)
    {
        lock (_gate)
        {
            if (_isClosed || _filling.WrittenCount + frame.Length > MaxQueuedBytes)
            {
                return false;
            }

            if (_filling.WrittenCount == 0)
            {
                _filling.Write([SiloFrame.FormatVersion]);
            }

            frame.WriteTo(_filling);
            if (_isSending)
            {
                return true;
            }

            _isSending = true;
        }

        // Off the caller's thread, which may be in a bucket's turn.
        _ = Task.Factory.StartNew(SendAllAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        return true;
    }

    /// <summary>The silo is gone: drops what waits.</summary>
    public void Close() => _isClosed = true;

    private async Task SendAllAsync()
    {
        while (TryTake() is { } batch)
        {
            try
            {
                var misplaced = await cluster.DeliverAsync(to, batch);
                if (!misplaced.IsDefaultOrEmpty)
                {
                    onMisplaced(to, misplaced);
                }
            }
            catch (IOException reason)
            {
                // Lost, like bytes on a broken connection. Consensus sends again what matters, and callers have deadlines.
                LogLost(logger, to, batch.Length, reason.Message);
            }
        }
    }

    private ReadOnlyMemory<byte>? TryTake()
    {
        lock (_gate)
        {
            if (_filling.WrittenCount == 0 || _isClosed)
            {
                _isSending = false;
                return null;
            }

            (_filling, _sending) = (_sending, _filling);
            _filling = _filling.Capacity > MaxKeptBytes ? new ArrayBufferWriter<byte>() : _filling;
            _filling.ResetWrittenCount();
            return _sending.WrittenMemory;
        }
    }

    [LoggerMessage(6211, LogLevel.Debug, "{Bytes} bytes to silo {Silo} were lost: {Reason}")]
    private static partial void LogLost(ILogger logger, SiloName silo, int bytes, string reason);
}
