using System.Buffers;
using System.IO.Pipelines;
using OrleansStore.Diagnostics;

namespace OrleansStore.Datacenters.Links;

/// <summary>The frames that wait for one connection: many writers, one reader, bounded in bytes. Allocates nothing per frame.</summary>
/// <remarks>Frames are encoded here once, by the caller; what leaves is a stream of bytes that the connection may cut anywhere.</remarks>
internal sealed class SendQueue
{
    private readonly Lock _gate = new();
    private readonly Pipe _pipe;
    private readonly int _maxBytes;
    private long _queuedBytes;
    private bool _isClosed;

    /// <param name="maxBytes">What may wait, headers included.</param>
    /// <param name="segmentBytes">The granularity of its memory.</param>
    /// <param name="wake">Where the reader is woken: never inside the call of a writer, which holds the lock.</param>
    public SendQueue(int maxBytes, int segmentBytes, PipeScheduler wake)
    {
        _maxBytes = maxBytes;
        _pipe = new Pipe(new PipeOptions(MemoryPool<byte>.Shared, wake, PipeScheduler.Inline, 0, 0, segmentBytes, useSynchronizationContext: false));
    }

    /// <summary>What waits. One caller reads; it reports what it took with <see cref="Consume"/>.</summary>
    public PipeReader Reader => _pipe.Reader;

    /// <summary>Bytes that wait.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    /// <summary>Appends a frame. Safe for concurrent use; frames of one caller keep their order.</summary>
    /// <returns>False where the bound would be passed, or the queue is closed.</returns>
    public bool TryWrite(FrameType type, ReadOnlySpan<byte> payload)
    {
        // A glance without the lock: a full queue shall not cost a checksum of megabytes.
        if (QueuedBytes + FrameFormat.HeaderBytes + payload.Length > _maxBytes)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[FrameFormat.HeaderBytes];
        FrameFormat.WriteHeader(header, type, payload);
        lock (_gate)
        {
            if (_isClosed || _queuedBytes + header.Length + payload.Length > _maxBytes)
            {
                return false;
            }

            Interlocked.Add(ref _queuedBytes, header.Length + payload.Length);
            _pipe.Writer.Write(header);
            _pipe.Writer.Write(payload);
            var flushed = _pipe.Writer.FlushAsync();
            Invariant.Check(flushed.IsCompleted, "a pipe without a threshold never makes its writer wait");
            return true;
        }
    }

    /// <summary>Marks bytes as taken and gives their room back.</summary>
    /// <param name="end">Up to where the reader took.</param>
    /// <param name="bytes">How many bytes that were.</param>
    public void Consume(SequencePosition end, long bytes)
    {
        _pipe.Reader.AdvanceTo(end);
        Interlocked.Add(ref _queuedBytes, -bytes);
    }

    /// <summary>Declines all further frames; the reader sees the end.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _isClosed = true;
                _pipe.Writer.Complete();
            }
        }
    }
}
