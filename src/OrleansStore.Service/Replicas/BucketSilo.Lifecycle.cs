using OrleansStore.Consensus;

namespace OrleansStore.Service.Replicas;

/// <content>A clean end: leadership is handed over and what is in flight finishes, before the storage is taken away.</content>
public sealed partial class BucketSilo
{
    private static readonly TimeSpan StopPollInterval = TimeSpan.FromMilliseconds(20);

    // How far buckets had applied when they were first seen to be as they should be.
    private readonly Dictionary<BucketId, LogIndex> _settledAt = [];

    /// <summary>Stops taking requests, hands leadership over to datacenters that can be reached, and waits for what is in flight.</summary>
    /// <param name="patience">How long to wait; what is not finished then is cut off, and its callers see an unknown outcome.</param>
    /// <returns>Whether everything finished.</returns>
    public async Task<bool> StopAsync(TimeSpan patience)
    {
        _isStopping = true;
        MayLead = false;
        LookAround();
        PostToActive(new HostInput.Resign());

        // Raft thesis, section 3.10: a transfer that has not happened within an election timeout will not happen.
        var (end, endOfHandOver) = (Now + patience, Now + (Options.Raft.TickInterval * Options.Raft.ElectionTimeoutTicks));
        while (Now < end && (!_calls.IsEmpty || (Now < endOfHandOver && LeadsForAnother())))
        {
            await Task.Delay(StopPollInterval, _environment.Time);
        }

        return _calls.IsEmpty;
    }

    /// <summary>Takes a bucket out of the memory of this process, whatever it does: for an engine whose actor for it goes elsewhere. Requests under way end with an unknown outcome.</summary>
    /// <param name="bucket">The bucket; one that is not in memory stays as it is.</param>
    /// <returns>Completes when its log is closed, or at once where the silo was not started.</returns>
    public Task CloseAsync(BucketId bucket)
    {
        if (!_hosts.TryGetValue(bucket, out var host))
        {
            return Task.CompletedTask;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Post(new HostInput.Leave(done));
        return done.Task;
    }

    /// <summary>Tells that a datacenter has a new incarnation: buckets that sleep are woken, a few at a time, so that their groups take it in.</summary>
    public void OnMembersChanged()
    {
        LookAround();
        if (_storage is not { } storage)
        {
            // The start does it.
            return;
        }

        var stored = storage.ListBuckets().Select(summary => summary.Bucket).ToHashSet();
        var isFounder = Members.Current(Local) == Members.Founding(Local);
        for (uint number = 0; number < (uint)Placement.Topology.BucketCount.Value; number++)
        {
            var bucket = new BucketId(number);

            // A replica that came after the founders, and that no leader has talked to, has no say in its group: others must wake it.
            if (isFounder || stored.Contains(bucket))
            {
                BeginToWake(bucket);
            }
        }
    }

    /// <summary>Wakes a bucket of this process because something is due: it campaigns if it leads nowhere.</summary>
    public void Wake(BucketId bucket) => HostOf(bucket)?.Post(new HostInput.Due());

    /// <summary>Reads anew which buckets want to be woken, and when: other processes that share the storage may have written that and be gone. Of buckets in memory the due time stays as it is.</summary>
    /// <exception cref="StoreException">The storage cannot be reached.</exception>
    public async Task RefreshDueTimesAsync()
    {
        if (_storage is not { } storage)
        {
            return;
        }

        await storage.RefreshAsync(_stopping.Token);
        foreach (var summary in storage.ListBuckets())
        {
            if (!_active.ContainsKey(summary.Bucket))
            {
                Schedule(summary.Bucket, StoredTimes.ToWallTime(summary.DueTime));
            }
        }
    }

    /// <summary>Whether the local replica of every bucket that has one here votes in its group, and no member before it does any more: a datacenter that joins has then joined, and
    /// another one may be lost. Not safe for concurrent use; ask again until it is true.</summary>
    public bool VotesEverywhere()
    {
        var own = Members.Current(Local);
        var stored = Storage.ListBuckets().ToDictionary(summary => summary.Bucket, summary => summary.HardState.Commit);
        for (uint number = 0; number < (uint)Placement.Topology.BucketCount.Value; number++)
        {
            var bucket = new BucketId(number);
            if (!Placement.DatacentersOf(bucket).Contains(Local))
            {
                continue;
            }

            // While the configuration is joint the majority of the old members is needed, too, and the folder that was lost is one of them (Raft thesis, section 4.3).
            if (StatusOf(bucket) is not { Config: { IsJoint: false } config } status || !config.IsVoter(own))
            {
                return false;
            }

            // What is known to be committed in memory only is forgotten by a crash, and the configuration would be joint again.
            _settledAt.TryAdd(bucket, status.Applied);
            if (stored.GetValueOrDefault(bucket) < _settledAt[bucket])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Ends the silo. Its storage may be closed afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        if (_timer is { } timer)
        {
            await timer.DisposeAsync();
        }

        await _stopping.CancelAsync();
        foreach (var sending in _sendings.Values)
        {
            sending.End(isDelivered: false);
        }

        foreach (var reception in _receptions.Values)
        {
            reception.Cancel();
        }

        await Task.WhenAll(_background.Keys);
        Metrics.Dispose();
        _stopping.Dispose();
        foreach (var call in _calls.Values)
        {
            call.Completion.TrySetResult(new Engine.CallResult(Engine.CallStatus.Lost));
        }
    }

    // Whether a bucket is led here that a datacenter in reach could lead.
    private bool LeadsForAnother() =>
        _active.Values.Any(host => host.LastStatus is { Role: RaftRole.Leader } && SuccessorFor(host.Bucket) is not null);

    /// <summary>The first datacenter in ring order, other than this one, that can be reached and holds the bucket; null if there is none.</summary>
    internal ReplicaId? SuccessorFor(BucketId bucket)
    {
        foreach (var datacenter in Placement.DatacentersOf(bucket))
        {
            if (datacenter != Local && IsReachable(datacenter))
            {
                return Members.Current(datacenter);
            }
        }

        return null;
    }
}
