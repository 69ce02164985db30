using OrleansStore.Consensus.Messages;

namespace OrleansStore.Service.Replicas;

/// <summary>A snapshot on its way to another datacenter: what the receiver said last, and a signal when it says more.</summary>
/// <remarks>Used on the silo's schedulers; the fields are guarded by the object's own lock.</remarks>
internal sealed class SnapshotSending(ulong id, RaftMessage message, MonotonicTime now)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _acknowledged = -1;
    private bool _isEnded;
    private bool _isDelivered;

    public ulong Id => id;

    public RaftMessage Message => message;

    /// <summary>When the receiver was last heard of.</summary>
    public MonotonicTime LastHeard { get; private set; } = now;

    /// <summary>Notes that the receiver has everything before an offset.</summary>
    public void Acknowledge(long offset, MonotonicTime heardAt)
    {
        lock (_gate)
        {
            LastHeard = heardAt;

            // After a restart of the receiver this may be less than before.
            _acknowledged = offset;
        }

        Signal();
    }

    /// <summary>Notes how it ended; the first end counts.</summary>
    public void End(bool isDelivered)
    {
        lock (_gate)
        {
            if (_isEnded)
            {
                return;
            }

            (_isEnded, _isDelivered) = (true, isDelivered);
        }

        Signal();
    }

    /// <summary>Wakes the sender: something may be possible that was not.</summary>
    public void Signal()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }

    /// <summary>Returns where things stand, and a task that ends with the next change.</summary>
    public (long Acknowledged, bool IsEnded, bool IsDelivered, Task Changed) Read()
    {
        lock (_gate)
        {
            return (_acknowledged, _isEnded, _isDelivered, _changed.Task);
        }
    }
}
