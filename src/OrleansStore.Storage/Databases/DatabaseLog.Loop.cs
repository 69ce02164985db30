using Microsoft.Extensions.Logging;

namespace OrleansStore.Storage.Databases;

/// <content>The group-commit loop.</content>
internal sealed partial class DatabaseLog
{
    // Read and written by the loop only.
    private readonly Dictionary<BucketId, BucketChange> _pending = [];
    private readonly HashSet<BucketId> _fenced = [];
    private long _lastNumber;

    private async Task RunAsync()
    {
        try
        {
            while (Failing() is null && await StepAsync())
            {
            }
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            Poison(new StoreException(ErrorCode.Closed, $"The storage was closed while {_environment.Database.Name} could not be reached."));
        }
        catch (StoreException reason)
        {
            Poison(reason);
        }
#pragma warning disable CA1031 // A driver loop: whatever ends it ends the log, and every waiter is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Poison(new StoreException(
                ErrorCode.StorageFailed, $"The log in {_environment.Database.Name} failed and accepts nothing until a restart: {exception.Message}", false, exception));
        }

        if (Failing() is { } failure)
        {
            _completions.OnFailed(failure);
            Report(_writing, failure);
            Report(_filling, failure);
        }
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
        List<ReplicaWriter> releases;
        bool hasAppends;
        lock (_gate)
        {
            hasAppends = !_filling.IsEmpty;
            if (!hasAppends && _isStopping)
            {
                return false;
            }

            (_filling, _writing) = (_writing, _filling);
            _isWriting = hasAppends;
            releases = _releases;
            _releases = releases.Count > 0 ? [] : releases;
        }

        if (hasAppends)
        {
            if (_writing.Changes.Count > 0)
            {
                await WriteAsync(_writing);
            }

            EndFlush();
        }
        else if (releases.Count == 0)
        {
            await _signal.WaitAsync();
        }

        if (releases.Count > 0)
        {
            await ReleaseAsync(releases);
        }

        return true;
    }

    /// <summary>Writes a batch. On completion each bucket's part is durable, or the bucket is among the fenced ones.</summary>
    private async ValueTask WriteAsync(AppendBatch batch)
    {
        var number = ++_lastNumber;
        _pending.Clear();
        _fenced.Clear();
        foreach (var change in batch.Changes)
        {
            _pending.Add(change.Writer.Bucket, change);
        }

        var isUncertain = false;
        for (var attempt = 0; _pending.Count > 0;)
        {
            try
            {
                if (isUncertain)
                {
                    await SettleAsync(number);
                    isUncertain = false;
                    continue;
                }

                foreach (var bucket in await _environment.Database.FlushAsync(number, _pending.Values, _abandon.Token))
                {
                    _pending.Remove(bucket);
                }

                // What was not written has a newer writer, or an attempt of which nothing was heard has written it.
                isUncertain = _pending.Count > 0;
            }
            catch (StoreException reason) when (reason.IsTransient)
            {
                isUncertain = true;
                OnImpeded(reason);
                await _environment.DelayAsync(DatabaseEnvironment.DelayBefore(attempt++), _abandon.Token);
            }
        }

        OnFlushed(batch);
    }

    /// <summary>Finds out which buckets were written after all, and which have a newer writer.</summary>
    private async ValueTask SettleAsync(long number)
    {
        var traces = await _environment.Database.InspectAsync(_pending.Keys, _abandon.Token);
        if (traces.Count < _pending.Count)
        {
            throw new StoreException(
                ErrorCode.StorageFailed, $"{_environment.Database.Name} has {traces.Count} of {_pending.Count} buckets that this silo had opened: somebody has removed data from it.");
        }

        foreach (var trace in traces)
        {
            if (_pending[trace.Writer.Bucket].Writer != trace.Writer)
            {
                _fenced.Add(trace.Writer.Bucket);
                _pending.Remove(trace.Writer.Bucket);
            }
            else if (trace.LastFlush >= number)
            {
                _pending.Remove(trace.Writer.Bucket);
            }
        }
    }

    private void OnImpeded(StoreException reason)
    {
        if (_impediment is null)
        {
            LogImpeded(_environment.Database.Name, reason);
        }

        _impediment = reason.Message;
        _isDiskFull = reason.Code == ErrorCode.DiskFull;
    }

    private void OnFlushed(AppendBatch batch)
    {
        if (_impediment is not null)
        {
            _impediment = null;
            _isDiskFull = false;
            LogHealed(_environment.Database.Name);
        }

        lock (_gate)
        {
            _statistics = _statistics with { Batches = _statistics.Batches + 1, BytesWritten = _statistics.BytesWritten + batch.SizeBytes };
        }
    }

    private void EndFlush()
    {
        foreach (var change in _writing.Changes)
        {
            if (_fenced.Contains(change.Writer.Bucket))
            {
                _observer.OnFenced(change.Writer);
            }
            else
            {
                _observer.OnDurable(change);
            }
        }

        Report(_writing, failure: null);
        bool wasThrottled;
        lock (_gate)
        {
            _isWriting = false;
            (wasThrottled, _isThrottled) = (_isThrottled, false);
        }

        if (wasThrottled)
        {
            _completions.OnCapacity();
        }
    }

    private void Report(AppendBatch batch, StoreException? failure)
    {
        var appends = 0;
        foreach (ref readonly var completion in batch.Completions)
        {
            if (completion.Barrier is { } barrier)
            {
                _ = failure is null ? barrier.TrySetResult() : barrier.TrySetException(failure);
                continue;
            }

            var reason = failure ?? (_fenced.Contains(completion.Bucket)
                ? new StoreException(ErrorCode.WriterFenced, $"A newer writer of bucket {completion.Bucket} was opened; {completion.Writer} has ended.")
                : null);
            appends += reason is null ? 1 : 0;
            _completions.OnCompleted(new AppendCompletion(completion.Bucket, completion.Writer, completion.Token, reason));
        }

        _completions.OnBatchEnd();
        lock (_gate)
        {
            batch.Clear();
            _statistics = _statistics with { Appends = _statistics.Appends + appends };
        }
    }

    private async ValueTask ReleaseAsync(List<ReplicaWriter> writers)
    {
        try
        {
            await _environment.Database.ReleaseHoldsAsync(_claim.Term.Id, writers, _abandon.Token);
        }
        catch (StoreException reason) when (reason.IsTransient)
        {
            // A hold that stays is found by the claim's loop as soon as somebody else wants the bucket.
            LogNotReleased(_environment.Database.Name, reason.Message);
        }
    }

    [LoggerMessage(30, LogLevel.Warning, "{Database} takes no writes; appends wait until it does")]
    private partial void LogImpeded(string database, Exception reason);

    [LoggerMessage(31, LogLevel.Information, "{Database} takes writes again; nothing that was acknowledged is lost")]
    private partial void LogHealed(string database);

    [LoggerMessage(32, LogLevel.Debug, "Holds in {Database} were not given back at once: {Reason}")]
    private partial void LogNotReleased(string database, string reason);
}
