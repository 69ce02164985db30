using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Messages;
using OrleansStore.Diagnostics;

namespace OrleansStore.Buckets.Replicas;

/// <content>Snapshots out, snapshots in, and the log that they allow to drop (Raft section 7; invariant 7).</content>
public sealed partial class BucketReplica
{
    // States of snapshots that the core was given and has not installed, by handle.
    private readonly Dictionary<ulong, BucketState> _received = [];
    private long _logBytesSinceSnapshot;
    private bool _isTakingSnapshot;

    /// <summary>Notes that an ordered snapshot is durable, file and name.</summary>
    /// <param name="time">The time.</param>
    /// <param name="snapshot">What was ordered, with the driver's handle.</param>
    public void CompleteSnapshot(ReplicaTime time, RaftSnapshot snapshot)
    {
        Observe(time);
        _isTakingSnapshot = false;
        Invariant.Check(snapshot.Metadata.Index <= _applied, $"a snapshot at {snapshot.Metadata.Index} was not taken here: applied {_applied}");
        if (snapshot.Metadata.Index <= (Latest?.Metadata.Index ?? LogIndex.None))
        {
            // A snapshot of the leader has overtaken it.
            return;
        }

        Latest = snapshot;
        CompactTo(FindCompactionPoint(snapshot.Metadata.Index));
    }

    /// <summary>Notes that an ordered snapshot could not be taken. Another one is ordered later.</summary>
    /// <param name="time">The time.</param>
    public void AbandonSnapshot(ReplicaTime time)
    {
        Observe(time);
        _isTakingSnapshot = false;
    }

    /// <summary>Takes a snapshot of the leader in, whose bytes this replica has durably.</summary>
    /// <param name="time">The time.</param>
    /// <param name="message">The leader's message, with a handle of this replica's driver.</param>
    /// <param name="state">The decoded state; the replica owns it.</param>
    public void ReceiveSnapshot(ReplicaTime time, in RaftMessage message, BucketState state)
    {
        Invariant.Check(message is { Type: RaftMessageType.InstallSnapshot, Snapshot: not null }, "a snapshot message has a snapshot");
        Observe(time);
        var snapshot = message.Snapshot;
        _received[snapshot.Handle] = state;
        _core.Step(time.Now, message);
        Flush();

        // The core may have no use for it: it may be older than what is committed here.
        if (!_writesInFlight.Any(write => write.Ready?.Snapshot == snapshot))
        {
            _received.Remove(snapshot.Handle);
        }
    }

    /// <summary>Answers a snapshot that is no newer than what is committed here: the leader learns what that is. Without effect if it is newer after all.</summary>
    /// <param name="time">The time.</param>
    /// <param name="message">The leader's message.</param>
    public void DeclineSnapshot(ReplicaTime time, in RaftMessage message)
    {
        Invariant.Check(message is { Type: RaftMessageType.InstallSnapshot, Snapshot: not null }, "a snapshot message has a snapshot");
        Observe(time);
        if (message.Snapshot.Metadata.Index <= _core.CommitIndex)
        {
            _core.Step(time.Now, message);
        }
    }

    /// <summary>Tells the leader how sending a snapshot ended.</summary>
    public void ReportSnapshot(ReplicaTime time, ReplicaId peer, bool isDelivered)
    {
        Observe(time);
        _core.ReportSnapshot(time.Now, peer, isDelivered);
    }

    private void Install(RaftSnapshot snapshot)
    {
        var isHere = _received.Remove(snapshot.Handle, out var state);
        Invariant.Check(isHere && state is not null, $"snapshot {snapshot.Metadata.LastEntry} has no state");
        _state = state;
        _applied = snapshot.Metadata.Index;
        _appliedTerm = snapshot.Metadata.Term;
        _logBytesSinceSnapshot = 0;
        Latest = snapshot;
        SettleOvertakenProposals();
    }

    /// <summary>Answers the proposals whose entries the snapshot covers: whether they are in it only their request ids can tell.</summary>
    private void SettleOvertakenProposals()
    {
        foreach (var (index, proposal) in _proposed)
        {
            if (index > _applied)
            {
                continue;
            }

            _proposed.Remove(index);
            if (proposal.Request is WriteRequest { Identity.Id.Form: not RequestIdForm.None } write
                && _state.FindAnswer(new Commands.TransactionCommand(_time.Wall, write.Identity, write.Transaction)) is { Status: not WriteStatus.RequestExpired } known)
            {
                Effects.Replies.Add(new BucketReply(proposal.Token, Write: known));
            }
            else if (proposal.Request is { } request)
            {
                AnswerUnknown(proposal.Token, request);
            }
            else
            {
                _isAdvancingTime = false;
            }
        }
    }

    private void TakeSnapshotIfDue()
    {
        if (_isTakingSnapshot || _applied <= (Latest?.Metadata.Index ?? LogIndex.None) || _applied != _core.AppliedIndex
            || _logBytesSinceSnapshot < Math.Max(_options.MinSnapshotLogBytes, _state.RecordBytes))
        {
            return;
        }

        _isTakingSnapshot = true;
        _logBytesSinceSnapshot = 0;
        Effects.Snapshot = new SnapshotOrder(_state.TakeView(), new SnapshotMetadata(_applied, _appliedTerm, _core.Config));
    }

    private LogIndex FindCompactionPoint(LogIndex covered)
    {
        var bytes = 0L;
        var entries = _core.Entries(_core.FirstIndex, covered).Span;
        var dropped = entries.Length;
        while (dropped > 0 && bytes + entries[dropped - 1].SizeBytes <= _options.TrailingLogBytes)
        {
            bytes += entries[--dropped].SizeBytes;
        }

        return new LogIndex(_core.FirstIndex.Value + (ulong)dropped - 1);
    }

    private void CompactTo(LogIndex last)
    {
        if (last < _core.FirstIndex)
        {
            return;
        }

        var id = new EntryId(_core.TermAt(last) ?? Term.None, last);
        _core.Compact(last);
        Emit(null, new ReplicaWrite(0, null, null, default, id, null));
    }
}
