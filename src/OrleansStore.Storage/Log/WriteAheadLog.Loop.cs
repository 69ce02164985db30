using OrleansStore.Diagnostics;
using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Log;

/// <content>The group-commit loop.</content>
internal sealed partial class WriteAheadLog
{
    private async Task RunAsync()
    {
        try
        {
            while (Failing() is null && await StepAsync())
            {
            }
        }
#pragma warning disable CA1031 // A driver loop: whatever ends it ends the log, and every waiter is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Poison(new StoreException(
                ErrorCode.StorageFailed, $"The log in {_environment.Directory} failed and accepts nothing until a restart: {exception.Message}", false, exception));
        }

        if (Failing() is { } reason)
        {
            ReportFailure(reason);
        }

        await CloseFilesAsync();
    }

    private StoreException? Failing()
    {
        lock (_gate)
        {
            return _failure;
        }
    }

    /// <summary>Does one piece of work, or waits for some.</summary>
    /// <returns>False once the log was stopped and nothing is left to do.</returns>
    private async ValueTask<bool> StepAsync()
    {
        // Clients first, then at most one budget of copying, and so on in turn: neither starves the other.
        var worked = await WriteQueuedAsync();
        worked |= await CleanAsync();
        if (worked || await SealAsync())
        {
            return true;
        }

        if (IsStopping())
        {
            return await CloseSegmentAsync();
        }

        if (!_isSealed)
        {
            _idleTimer.Change(_environment.Options.IdleSealDelay, Timeout.InfiniteTimeSpan);
        }

        await _signal.WaitAsync();
        return true;
    }

    private bool IsStopping()
    {
        lock (_gate)
        {
            return _isStopping && _filling.IsEmpty;
        }
    }

    private async ValueTask<bool> WriteQueuedAsync()
    {
        lock (_gate)
        {
            if (_filling.IsEmpty)
            {
                return false;
            }

            (_filling, _writing) = (_writing, _filling);
            _isWriting = true;
        }

        if (IsSpaceCheckDue())
        {
            await CheckSpaceAsync();
        }

        if (_writing.RecordCount > 0)
        {
            await WriteAsync(_writing, BatchKind.Appends);
        }

        Report();
        return true;
    }

    /// <summary>Writes a batch. On completion it is durable and applied to the index.</summary>
    private async ValueTask WriteAsync(BatchBuffer batch, BatchKind kind)
    {
        var size = BatchHeader.OverheadBytes + batch.PayloadBytes;
        if (_active.End + size > _environment.Options.SegmentBytes && _active.End > SegmentHeader.SizeBytes)
        {
            await RollAsync();
        }

        var position = _active.End;
        var end = position + size;
        var bytes = batch.Seal(_active.Header, _nextSequence, position, _firstSegment, kind);
        Invariant.Check(bytes.Length == size, $"a batch of {bytes.Length} bytes was to have {size}");

        await WriteWhenThereIsRoomAsync(position, bytes);
        await ZeroAheadAsync(end);
        await _active.File.SyncAsync();

        lock (_gate)
        {
            Apply(batch.Payload.Span, position + BatchHeader.SizeBytes);
            _active.End = end;
            _bytesSinceSpaceCheck += size;
            _statistics = _statistics with
            {
                Batches = _statistics.Batches + 1,
                BytesWritten = _statistics.BytesWritten + size,
                BytesCopiedForward = _statistics.BytesCopiedForward + (kind == BatchKind.Copies ? size : 0),
            };
        }

        _nextSequence++;
        _publishedFirstSegment = _firstSegment;
        _isSealed = kind == BatchKind.Seal;
        _isSealDue = false;
    }

    private async ValueTask ZeroAheadAsync(long end)
    {
        if (end <= _zeroedTo)
        {
            return;
        }

        // In the same sync as the batch that needs the room anyway, so it costs no sync of its own.
        var count = (int)Math.Clamp(_environment.Options.SegmentBytes - end, 0, _zeros.Length);
        try
        {
            if (count > 0)
            {
                await _active.File.WriteAsync(end, _zeros.AsMemory(0, count));
            }
        }
        catch (DiskFullException)
        {
            // It makes later batches faster, no more.
            count = 0;
        }

        _zeroedTo = end + count;
    }

    private void Apply(ReadOnlySpan<byte> payload, long start)
    {
        for (var offset = 0; offset < payload.Length;)
        {
            var isRecord = RecordView.TryRead(payload[offset..], verify: false, out var record);
            Invariant.Check(isRecord, $"no record at {offset} of a batch of {payload.Length} bytes that was just written");
            if (!_buckets.TryGetValue(record.Bucket, out var bucket))
            {
                bucket = new BucketLog(record.Bucket);
                _buckets.Add(record.Bucket, bucket);
            }

            bucket.Apply(record, _active, start + offset, isReplay: false);
            if (record.Kind == RecordKind.BucketRemoved)
            {
                _buckets.Remove(record.Bucket);
            }

            offset += record.TotalBytes;
        }
    }

    private void Report()
    {
        var appends = 0;
        foreach (ref readonly var completion in _writing.Completions)
        {
            if (completion.Barrier is { } barrier)
            {
                barrier.TrySetResult();
                continue;
            }

            appends++;
            _environment.Completions.OnCompleted(new AppendCompletion(completion.Bucket, completion.Writer, completion.Token, Failure: null));
        }

        _environment.Completions.OnBatchEnd();

        bool wasThrottled;
        lock (_gate)
        {
            _writing.Clear();
            _isWriting = false;
            (wasThrottled, _isThrottled) = (_isThrottled, false);
            _statistics = _statistics with { Appends = _statistics.Appends + appends };
        }

        if (wasThrottled)
        {
            _environment.Completions.OnCapacity();
        }
    }

    private void ReportFailure(StoreException reason)
    {
        // Nothing is queued any more once the failure is set, so both buffers are the loop's alone.
        _environment.Completions.OnFailed(reason);
        Fail(_writing, reason);
        Fail(_filling, reason);
    }

    private void Fail(BatchBuffer batch, StoreException reason)
    {
        foreach (ref readonly var completion in batch.Completions)
        {
            if (completion.Barrier is { } barrier)
            {
                barrier.TrySetException(reason);
                continue;
            }

            _environment.Completions.OnCompleted(new AppendCompletion(completion.Bucket, completion.Writer, completion.Token, reason));
        }

        _environment.Completions.OnBatchEnd();
        batch.Clear();
    }
}
