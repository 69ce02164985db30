using System.Runtime.InteropServices;
using OrleansStore.Consensus.Messages;
using OrleansStore.Consensus.Reads;
using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus;

/// <summary>Effects out, acknowledgements in.</summary>
public sealed partial class RaftCore
{
    private List<RaftMessage> _messages = [];
    private List<RaftMessage> _messagesAfterAppend = [];
    private List<ReadState> _readStates = [];
    private SoftState _lastSoftState;
    private HardState _lastHardState;

    // The latest term that is known to be durable here.
    private Term _durableTerm;

    // Synchronous storage: the Ready that was taken and not advanced; null where there is none.
    private Ready? _taken;

    /// <summary>Whether <see cref="TakeReady"/> would give something to do.</summary>
    public bool HasReady =>
        _messages.Count > 0 || _messagesAfterAppend.Count > 0 || _readStates.Count > 0
        || _log.HasEntriesToPersist || _log.SnapshotToPersist is not null
        || _log.HasEntriesToApply(!_options.AsyncStorageWrites)
        || SoftState != _lastSoftState || HardState != _lastHardState;

    /// <summary>Takes what is to be done. What was taken is not given again.</summary>
    /// <param name="ready">Filled anew; its earlier contents must have been dealt with.</param>
    /// <exception cref="InvalidOperationException">Storage is synchronous and the Ready taken before was not advanced.</exception>
    public void TakeReady(Ready ready)
    {
        if (_taken is not null)
        {
            throw new InvalidOperationException("The last Ready must be advanced before the next one is taken.");
        }

        ready.SoftState = SoftState != _lastSoftState ? SoftState : null;
        ready.HardState = HardState != _lastHardState ? HardState : null;
        ready.Entries = _log.EntriesToPersist;
        ready.Snapshot = _log.SnapshotToPersist;
        ready.MustSync = !ready.Entries.IsEmpty || _term != _lastHardState.Term || _vote != _lastHardState.Vote;
        ready.Acknowledgement = new AppendAcknowledgement(
            _term,
            _log.HasUndurable ? _log.LastEntry : default,
            ready.Snapshot?.Metadata.Index ?? LogIndex.None);
        ready.CommittedEntries = _log.EntriesToApply(!_options.AsyncStorageWrites);
        ready.TakeMessages(ref _messages, ref _messagesAfterAppend, ref _readStates);
        if (!_options.AsyncStorageWrites)
        {
            MergeMessages(ready);
            _taken = ready;
        }

        _lastSoftState = SoftState;
        _lastHardState = HardState;
        _log.MarkHandedOut();
        if (!ready.CommittedEntries.IsEmpty)
        {
            var committed = ready.CommittedEntries.Span;
            _log.MarkApplying(committed[^1].Index, SizeBytes(committed), !_options.AsyncStorageWrites);
        }
    }

    /// <summary>Synchronous storage: notes that everything a Ready asked for was done.</summary>
    /// <param name="now">The time.</param>
    /// <param name="ready">The Ready that was taken last.</param>
    /// <exception cref="InvalidOperationException">It is not, or storage is asynchronous.</exception>
    public void Advance(MonotonicTime now, Ready ready)
    {
        if (_options.AsyncStorageWrites || !ReferenceEquals(_taken, ready))
        {
            throw new InvalidOperationException("Only the Ready that was taken last is advanced, and only where storage is synchronous.");
        }

        _taken = null;
        AcknowledgeAppend(now, ready);
        if (!ready.CommittedEntries.IsEmpty)
        {
            AcknowledgeApply(now, ready.CommittedEntries);
        }
    }

    /// <summary>Notes that the writes of a Ready, and those of all earlier ones, are durable. Delivers what the replica sent to itself.</summary>
    /// <param name="now">The time.</param>
    /// <param name="ready">The Ready; its <see cref="Ready.MessagesAfterAppend"/> to other replicas may leave now.</param>
    public void AcknowledgeAppend(MonotonicTime now, Ready ready)
    {
        Observe(now);
        foreach (ref readonly var message in CollectionsMarshal.AsSpan(ready.MessageAfterAppendList))
        {
            if (message.To == Id)
            {
                StepChecked(message);
            }
        }

        AcknowledgeAppend(now, ready.Acknowledgement);
    }

    /// <summary>Notes that writes are durable, without delivering anything.</summary>
    internal void AcknowledgeAppend(MonotonicTime now, AppendAcknowledgement acknowledgement)
    {
        Observe(now);
        Invariant.Check(acknowledgement.Term <= _term, $"a write of term {acknowledgement.Term} is acknowledged in term {_term}");
        _durableTerm = acknowledgement.Term > _durableTerm ? acknowledgement.Term : _durableTerm;

        // The ABA race: entries written in an earlier term may have been overwritten and appended again since, at the same index and with the
        // same term, while the write of the last copy is still under way.
        if (acknowledgement.Term == _term && acknowledgement.LastEntry.Index != LogIndex.None)
        {
            _log.MarkDurable(acknowledgement.LastEntry);
        }

        // A snapshot holds committed state, so it counts whatever became of the term.
        if (acknowledgement.SnapshotIndex != LogIndex.None && _log.MarkSnapshotDurable(acknowledgement.SnapshotIndex))
        {
            MarkApplied(acknowledgement.SnapshotIndex, 0);
        }
    }

    /// <summary>Notes that the state machine has applied entries.</summary>
    /// <param name="now">The time.</param>
    /// <param name="entries">The <see cref="Ready.CommittedEntries"/> of a Ready, after those of all earlier ones.</param>
    public void AcknowledgeApply(MonotonicTime now, ReadOnlyMemory<Entry> entries)
    {
        Observe(now);
        var span = entries.Span;
        MarkApplied(span[^1].Index, SizeBytes(span));
        _uncommittedBytes = Math.Max(0, _uncommittedBytes - DataBytes(span));
    }

    private void MarkApplied(LogIndex index, long bytes)
    {
        // A snapshot may have overtaken the entries that were being applied.
        _log.MarkApplied(index > _log.Applied ? index : _log.Applied, bytes);
        LeaveJointIfDue();
    }

    private void MergeMessages(Ready ready)
    {
        var afterAppend = ready.MessageAfterAppendList;
        var kept = 0;
        for (var i = 0; i < afterAppend.Count; i++)
        {
            if (afterAppend[i].To == Id)
            {
                afterAppend[kept++] = afterAppend[i];
            }
            else
            {
                ready.MessageList.Add(afterAppend[i]);
            }
        }

        afterAppend.RemoveRange(kept, afterAppend.Count - kept);
    }

    private static long SizeBytes(ReadOnlySpan<Entry> entries)
    {
        var bytes = 0L;
        foreach (ref readonly var entry in entries)
        {
            bytes += entry.SizeBytes;
        }

        return bytes;
    }
}
