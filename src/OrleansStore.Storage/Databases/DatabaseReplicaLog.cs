using OrleansStore.Consensus;
using OrleansStore.Storage.Log;

namespace OrleansStore.Storage.Databases;

/// <summary>The writer of one replica on a database, and its right to speak.</summary>
internal sealed class DatabaseReplicaLog(DatabaseLog log, AppendRules rules, ReplicaWriter writer, ClaimTerm term) : IReplicaLog, IReplicaClaim
{
    private readonly TaskCompletionSource _alone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ClaimTerm _term = term;
    private volatile bool _isClosed;
    private volatile bool _isAlone;
    private long _heldSince;

    public ReplicaWriter Key => writer;

    public BucketId Bucket => writer.Bucket;

    public WriterEpoch Writer => writer.Epoch;

    /// <summary>Whether appends are still taken.</summary>
    public bool IsOpen => !_isClosed;

    /// <summary>Whether every earlier holder in other processes is gone.</summary>
    public bool IsAlone => _isAlone;

    public MonotonicTime HeldSince => new(Volatile.Read(ref _heldSince));

    public bool IsHeldAt(MonotonicTime now) => _isAlone && !_isClosed && _term.IsHeldAt(now) && log.Failure is null;

    public AppendStatus TryAppend(in LogAppend append, ulong token)
    {
        var result = rules.Check(append);
        var status = log.TryAppend(this, append, result, token);
        if (status == AppendStatus.Queued)
        {
            rules.Accept(result);
        }

        return status;
    }

    public ValueTask<IReadOnlyList<Entry>> ReadEntriesAsync(LogIndex first, LogIndex end, long maxBytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(first, LogIndex.None);
        return log.ReadEntriesAsync(Bucket, first, end, maxBytes, cancellationToken);
    }

    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        // Not Task.WaitAsync: it would continue on the thread pool, and so out of the order that a simulation must keep.
        await using var registration = cancellationToken.UnsafeRegister(
            static (alone, token) => ((TaskCompletionSource)alone!).TrySetCanceled(token), _alone);
        await _alone.Task;
    }

    public void Close()
    {
        if (!_isClosed)
        {
            End(new StoreException(ErrorCode.WriterFenced, $"The writer {Writer} of bucket {Bucket} was closed."));
            log.Release(Key);
        }
    }

    /// <summary>Ends the writer because of somebody else: it is silent from now on, and its appends are refused.</summary>
    /// <returns>False where it had ended.</returns>
    public bool End(StoreException reason)
    {
        if (_isClosed)
        {
            return false;
        }

        _isClosed = true;
        _alone.TrySetException(reason);
        _ = _alone.Task.Exception;
        return true;
    }

    /// <summary>Notes that every earlier holder is gone.</summary>
    public void BecomeAlone(MonotonicTime since)
    {
        Volatile.Write(ref _heldSince, since.Ticks);
        _isAlone = true;
        _alone.TrySetResult();
    }

    /// <summary>Puts the writer under a new possession of the claim.</summary>
    public void MoveTo(ClaimTerm term) => _term = term;
}
