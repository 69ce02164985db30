namespace OrleansStore.Service.Replicas;

/// <content>The passage of time: one timer for all buckets.</content>
public sealed partial class BucketSilo
{
    private static readonly TimeSpan SpaceCheckInterval = TimeSpan.FromSeconds(1);

    // Buckets that want to be woken, the next one first. Guarded by _gate.
    private readonly SortedSet<(WallTime At, BucketId Bucket)> _due = [];
    private readonly Dictionary<BucketId, WallTime> _dueAt = [];
    private readonly Queue<BucketHost> _waitingForActivation = new();
    private int _activating;
    private int _isTicking;
    private string? _clockComplaint;
    private MonotonicTime _nextSpaceCheck;

    /// <summary>Wakes a bucket once more, soon: storage could not be reached when its time had come.</summary>
    internal void WakeLater(BucketHost host) => Schedule(host.Bucket, new WallTime(Wall.UnixMilliseconds + (long)RepeatAfter.TotalMilliseconds));

    internal void OnWakeAtChanged(BucketHost host) => Schedule(host.Bucket, host.WakeAt);

    /// <summary>Brings a bucket into memory when its turn comes: a storm of wake-ups must not load everything at once (invariant 10).</summary>
    internal void Activate(BucketHost host)
    {
        lock (_gate)
        {
            if (_activating >= Options.MaxConcurrentActivations)
            {
                _waitingForActivation.Enqueue(host);
                return;
            }

            _activating++;
        }

        BeginActivation(host);
    }

    private void BeginActivation(BucketHost first)
    {
        RunInBackground(async () =>
        {
            for (BucketHost? host = first; host is not null; host = NextToActivate())
            {
                await host.ActivateAsync();
            }
        });
    }

    private BucketHost? NextToActivate()
    {
        lock (_gate)
        {
            if (_waitingForActivation.TryDequeue(out var next))
            {
                return next;
            }

            _activating--;
            return null;
        }
    }

    private void Tick()
    {
        // A tick that takes longer than the interval swallows the next ones: after a pause one is delivered, never a burst.
        if (Interlocked.Exchange(ref _isTicking, 1) != 0)
        {
            return;
        }

        Run(() =>
        {
            CheckClock();
            LookAround();
            TickHosts();
            WakeDue();
            ExpireCalls();
            ExpireTransfers();
            CheckSpace();
            Volatile.Write(ref _isTicking, 0);
        });
    }

    private void TickHosts()
    {
        if (_isTickedStale)
        {
            // 1. The mark is taken off. 2. The hosts are read. Whoever comes or goes in between sets it again.
            _isTickedStale = false;
            _ticked = [.. _active.Values];
        }

        var batch = Messenger.RentBatch();
        foreach (var host in _ticked)
        {
            host.Tick(batch);
        }

        Messenger.SendBatch(batch);
    }

    private void Schedule(BucketId bucket, WallTime? at)
    {
        lock (_gate)
        {
            if (_dueAt.Remove(bucket, out var previous))
            {
                _due.Remove((previous, bucket));
            }

            if (at is { } time)
            {
                _dueAt[bucket] = time;
                _due.Add((time, bucket));
            }
        }
    }

    private void WakeDue()
    {
        while (true)
        {
            BucketId bucket;
            lock (_gate)
            {
                if (_due.Count == 0 || _due.Min.At > Wall)
                {
                    return;
                }

                bucket = _due.Min.Bucket;
                _due.Remove(_due.Min);
                _dueAt.Remove(bucket);
            }

            BeginToWake(bucket);
        }
    }

    /// <summary>Wakes a bucket because something is due: here, or where its actor is.</summary>
    private void BeginToWake(BucketId bucket)
    {
        if (HostOf(bucket) is not { } host)
        {
            return;
        }

        if (Gate.IsHere(bucket))
        {
            host.Post(new HostInput.Due());
            return;
        }

        RunInBackground(async () =>
        {
            if (!await Gate.WakeAsync(bucket))
            {
                WakeLater(host);
            }
        });
    }

    private void CheckClock()
    {
        var complaint = _environment.Links.OwnClock;
        if (complaint is null != _clockComplaint is null)
        {
            if (complaint is null)
            {
                LogClockAgrees();
            }
            else
            {
                LogClockSkew(complaint);
            }
        }

        _clockComplaint = complaint;
        MayLead = complaint is null && !_isStopping;
    }

    private void CheckSpace()
    {
        // The log measures while it writes. When writes are refused somebody else must look whether there is room again.
        if (RefusesWritesWith is not null && Now >= _nextSpaceCheck && StorageFailure is null)
        {
            _nextSpaceCheck = Now + SpaceCheckInterval;
            RunInBackground(async () => await Storage.CheckSpaceAsync());
        }
    }
}
