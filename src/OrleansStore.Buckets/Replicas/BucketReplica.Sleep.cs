using OrleansStore.Buckets.Commands;
using OrleansStore.Consensus;

namespace OrleansStore.Buckets.Replicas;

/// <content>Going to sleep, and what must happen at a time.</content>
public sealed partial class BucketReplica
{
    private WallTime? _storedDueTime;
    private bool _isAdvancingTime;

    /// <summary>When the bucket wants to be woken, so that something ends in time; null for never. Durable with the writes of the last flush.</summary>
    public WallTime? WakeAt => _state.NextDueTime;

    /// <summary>Wakes a replica because something is due: it campaigns if no leader is known.</summary>
    /// <param name="time">The time.</param>
    public void Wake(ReplicaTime time)
    {
        Observe(time);
        _lastUsed = time.Now;
        if (CampaignsFirst && (_core.Leader == ReplicaId.None || _core.Hibernation == HibernationPhase.Asleep))
        {
            _core.Campaign(time.Now);
        }
    }

    private void AdvanceTimeIfDue()
    {
        if (_core.Role == RaftRole.Leader && !_isAdvancingTime && _state.NextDueTime is { } due && due <= _time.Wall)
        {
            _isAdvancingTime = true;
            _unproposed.Add((new PendingProposal(0, null, Term.None), CommandCodec.Encode(new AdvanceTimeCommand(_time.Wall))));
        }
        else if (_core.Role != RaftRole.Leader)
        {
            _isAdvancingTime = false;
        }
    }

    private void HibernateIfIdle()
    {
        if (_core.Hibernation != HibernationPhase.Awake || PendingRequests > 0 || _isTakingSnapshot || _time.Now - _lastUsed < _options.HibernateAfter)
        {
            return;
        }

        if (_core.Role != RaftRole.Leader)
        {
            _core.TryDoze(_time.Now);
        }
        else if (!IsChangingMembers && !_core.TryHibernate(_time.Now, Unreachable))
        {
            // Somebody lags behind: look again later, not with every tick.
            _lastUsed = _time.Now + (_options.HibernateAfter * -0.9);
        }
    }

    private void StoreDueTimeIfChanged()
    {
        if (_state.NextDueTime != _storedDueTime)
        {
            _storedDueTime = _state.NextDueTime;
            Emit(null, new ReplicaWrite(0, null, null, default, null, new DueTimeChange(_storedDueTime)));
        }
    }

    /// <summary>Stores the commit index before the replica leaves memory, so that the next activation knows what is committed.</summary>
    private void StoreBeforeSleep()
    {
        if (_core.Hibernation == HibernationPhase.Asleep && _unwrittenHardState is { } hardState)
        {
            _unwrittenHardState = null;
            Emit(null, new ReplicaWrite(0, hardState, null, default, null, null));
        }
    }
}
