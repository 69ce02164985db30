namespace OrleansStore.Storage.Databases;

/// <content>Who may speak, and what became of flushes.</content>
public sealed partial class DatabaseReplicaStorage
{
    bool IClaimHolder.IsWaiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count > 0;
            }
        }
    }

    async ValueTask IClaimHolder.OnRenewedAsync(ClaimTerm term, CancellationToken cancellationToken)
    {
        var superseded = await _environment.Database.FindSupersededAsync(term.Id, cancellationToken);
        if (superseded.Count == 0)
        {
            return;
        }

        // 1. They fall silent here. 2. Their holds go, so that the newer writers may speak.
        foreach (var key in superseded)
        {
            Fence(key);
        }

        await _environment.Database.ReleaseHoldsAsync(term.Id, superseded, cancellationToken);
    }

    async ValueTask IClaimHolder.OnRetakenAsync(ClaimTerm term, CancellationToken cancellationToken)
    {
        DatabaseReplicaLog[] open;
        lock (_gate)
        {
            _term = term;
            open = [.. _writers.Values.Where(writer => writer.IsOpen)];
        }

        var kept = (await _environment.Database.RetakeHoldsAsync(term.Id, [.. open.Select(writer => writer.Key)], cancellationToken)).ToHashSet();
        foreach (var writer in open)
        {
            if (kept.Contains(writer.Key))
            {
                writer.MoveTo(term);
            }
            else
            {
                Fence(writer.Key);
            }
        }
    }

    async ValueTask IClaimHolder.PollAsync(ClaimTerm term, CancellationToken cancellationToken)
    {
        Dictionary<BucketId, DatabaseReplicaLog> waiting;
        lock (_gate)
        {
            foreach (var writer in _waiting.Values.Where(writer => !writer.IsOpen).ToArray())
            {
                _waiting.Remove(writer.Bucket);
            }

            waiting = new Dictionary<BucketId, DatabaseReplicaLog>(_waiting);
        }

        if (waiting.Count == 0)
        {
            return;
        }

        foreach (var bucket in await _environment.Database.FindFreeAsync(term.Id, waiting.Keys, cancellationToken))
        {
            lock (_gate)
            {
                // The answer is about those who stood there when it was asked for. A writer that was opened since may wait for somebody else.
                if (_waiting.GetValueOrDefault(bucket) == waiting[bucket])
                {
                    _waiting.Remove(bucket);
                    waiting[bucket].BecomeAlone(_environment.Now);
                }
            }
        }
    }

    void IFlushObserver.OnDurable(BucketChange change)
    {
        if (change.RemovesBucket)
        {
            _snapshots.Forget(change.Writer.Bucket);
        }

        lock (_gate)
        {
            var bucket = change.Writer.Bucket;
            var before = change.RemovesBucket ? default : _summaries.GetValueOrDefault(bucket);
            var replica = new StoredReplica(
                change.Writer,
                change.HardState ?? before.HardState,
                change.CompactedTo ?? before.CompactedTo,
                change.LastIndex,
                change.DueTime ?? before.DueTime,
                Snapshot: null);
            Take(replica);
        }
    }

    void IFlushObserver.OnFenced(ReplicaWriter writer)
    {
        lock (_gate)
        {
            // Not told to the engine from here: the failed appends tell it.
            Find(writer)?.End(Superseded(writer));
        }
    }

    private void Fence(ReplicaWriter key)
    {
        bool hasEnded;
        lock (_gate)
        {
            hasEnded = Find(key)?.End(Superseded(key)) == true;
            _waiting.Remove(key.Bucket);
        }

        if (hasEnded)
        {
            _completions.OnFenced(key.Bucket, key.Epoch);
        }
    }

    // Called under the lock.
    private DatabaseReplicaLog? Find(ReplicaWriter key) => _writers.TryGetValue(key.Bucket, out var writer) && writer.Key == key ? writer : null;

    private static StoreException Superseded(ReplicaWriter key) => new(ErrorCode.WriterFenced, $"A newer writer of bucket {key.Bucket} was opened; {key.Epoch} has ended.");
}
