using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;
using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus;

/// <summary>What a replica does with the messages of its leader (Raft sections 5.3 and 7).</summary>
public sealed partial class RaftCore
{
    // The latest time, by the leader's clock, at which the leader of this term sent something that was taken in here; null if nothing was.
    private MonotonicTime? _lastLeaderSend;

    private void HandleFromLeader(in RaftMessage message)
    {
        if (message.Type == RaftMessageType.Hibernate)
        {
            HandleHibernate(message);
            return;
        }

        if (_role == RaftRole.Leader)
        {
            Invariant.Check(message.From == Id || message.Term != _term || message.Term == Term.None, $"two leaders in term {_term}: {Id} and {message.From} (Raft section 5.2)");
            return;
        }

        if (_role == RaftRole.Follower)
        {
            _electionElapsedTicks = 0;
            _leader = message.From;
        }
        else
        {
            // Raft section 5.2: a candidate that hears from the leader of its term gives up.
            BecomeFollower(_term, message.From);
        }

        _promise.Extend(_now);
        _insistsForTicks = 0;
        _lastLeaderSend = _lastLeaderSend is { } last && last > message.SentAt ? last : message.SentAt;
        switch (message.Type)
        {
            case RaftMessageType.Append:
                HandleAppend(message);
                break;
            case RaftMessageType.Heartbeat:
                _log.CommitTo(message.Commit);
                Send(new RaftMessage { Type = RaftMessageType.HeartbeatResponse, To = message.From, Context = message.Context, SentAt = message.SentAt });
                break;
            default:
                HandleSnapshot(message);
                break;
        }
    }

    private void HandleAppend(in RaftMessage append)
    {
        var response = new RaftMessage { Type = RaftMessageType.AppendResponse, To = append.From, SentAt = append.SentAt };
        if (append.Index < _log.Commit)
        {
            // Old: all of it up to the commit index is here. Say so, and it will be followed by what is not.
            Send(response with { Index = _log.Commit });
        }
        else if (_log.TryAppend(new EntryId(append.LogTerm, append.Index), append.Commit, append.Entries.Span, out var lastNew))
        {
            Send(response with { Index = lastNew });
        }
        else
        {
            // Raft section 5.3, the optimisation at its end: name the last place where the logs may agree, so that the leader skips whole terms.
            var from = append.Index < _log.LastIndex ? append.Index : _log.LastIndex;
            var (hint, hintTerm) = _log.FindConflictByTerm(from, append.LogTerm);
            Send(response with { Index = append.Index, Reject = true, RejectHint = hint, LogTerm = hintTerm ?? Term.None });
        }
    }

    private void HandleSnapshot(in RaftMessage message)
    {
        var snapshot = message.Snapshot;
        Invariant.Check(snapshot is not null, "a snapshot message without a snapshot");
        var isRestored = TryRestore(snapshot);
        Send(new RaftMessage
        {
            Type = RaftMessageType.AppendResponse,
            To = message.From,
            Index = isRestored ? _log.LastIndex : _log.Commit,
            SentAt = message.SentAt,
        });
    }

    /// <returns>Whether the snapshot replaces the log; false if it brings nothing that is not here.</returns>
    private bool TryRestore(RaftSnapshot snapshot)
    {
        var metadata = snapshot.Metadata;

        // Whether the snapshot's configuration names this replica does not matter (Raft thesis, section 4.1: a server takes entries from a leader
        // whatever its own configuration says). A new member may be sent a snapshot from before it was added; the entry that adds it follows.
        if (metadata.Index <= _log.Commit)
        {
            return false;
        }

        if (_log.Contains(metadata.LastEntry))
        {
            // Raft section 7: the log already holds what the snapshot covers, so it keeps what follows. The snapshot tells that it is committed.
            _log.CommitTo(metadata.Index);
            return false;
        }

        _log.Restore(snapshot);
        _tracker.SwitchTo(GroupConfig.Empty, _log.LastIndex);
        _tracker.SwitchTo(metadata.Config, _log.LastIndex);
        return true;
    }

}
