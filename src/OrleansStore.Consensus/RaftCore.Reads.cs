using OrleansStore.Consensus.Messages;
using OrleansStore.Consensus.Reads;
using OrleansStore.Consensus.Replication;

namespace OrleansStore.Consensus;

/// <summary>Linearizable reads without a log entry: ReadIndex (Raft thesis, section 6.4) and leases (6.4.1).</summary>
public sealed partial class RaftCore
{
    // Requests that came before this leader committed an entry of its own term.
    private readonly List<RaftMessage> _earlyReads = [];

    /// <summary>Whether this replica may answer a read from its state machine at once: it leads, its lease is valid at <paramref name="now"/>, and
    /// its state machine has applied an entry of its own term and everything committed (invariant 6).</summary>
    /// <param name="now">The time; read after the request arrived, so that a lease that was valid then covers the read.</param>
    public bool HasLeaseForReads(MonotonicTime now)
    {
        Observe(now);
        return HasLeaseAtNow && HasCommittedInTerm && _log.Applied == _log.Commit;
    }

    /// <summary>When the lease of this replica ends, unless something renews or ends it before. Changes nothing: for checkers that look from outside.</summary>
    /// <param name="now">The time; not before that of the last input.</param>
    /// <returns>Null where no lease is held at <paramref name="now"/>, or leases do not rest on promises.</returns>
    public MonotonicTime? LeaseEndAt(MonotonicTime now) =>
        _options.Lease == LeasePolicy.Promise && _role == RaftRole.Leader && _hibernation == HibernationPhase.Awake && _lease.IsValidAt(now, _tracker, Id)
            ? _lease.EndAt(now, _tracker, Id)
            : null;

    /// <summary>Asks for the index that a state machine must have applied to answer a linearizable read. The answer comes as a <see cref="ReadState"/>, or
    /// never: if leadership is lost or a message is, the caller asks again.</summary>
    /// <param name="now">The time; read after the request arrived.</param>
    /// <param name="requestId">Identifies the answer; unique among the requests of this replica that wait.</param>
    /// <returns>False if no leader is known: nothing will come.</returns>
    public bool ReadIndex(MonotonicTime now, ulong requestId)
    {
        Observe(now);
        WakeUp();
        var request = new RaftMessage { Type = RaftMessageType.ReadIndex, Context = requestId };
        if (_role != RaftRole.Leader && (_role != RaftRole.Follower || _leader == ReplicaId.None))
        {
            return false;
        }

        HandleReadIndex(request);
        return true;
    }

    // Raft thesis, section 6.4, step 1: until an entry of its own term is committed a leader does not know what is committed.
    private bool HasCommittedInTerm => _log.TermAt(_log.Commit) == _term;

    private bool HasLeaseAtNow => _options.Lease switch
    {
        LeasePolicy.Promise => LeaseEndAt(_now) is not null,
        LeasePolicy.QuorumCheck => _role == RaftRole.Leader,
        _ => false,
    };

    private void HandleReadIndex(in RaftMessage request)
    {
        if (_role == RaftRole.Follower && _leader != ReplicaId.None)
        {
            Send(request with { To = _leader });
        }

        if (_role != RaftRole.Leader)
        {
            return;
        }

        if (!HasCommittedInTerm)
        {
            _earlyReads.Add(request);
        }
        else
        {
            ServeRead(request);
        }
    }

    private void ReleaseEarlyReads()
    {
        if (_earlyReads.Count == 0 || !HasCommittedInTerm)
        {
            return;
        }

        foreach (var request in _earlyReads)
        {
            ServeRead(request);
        }

        _earlyReads.Clear();
    }

    private void ServeRead(in RaftMessage request)
    {
        if (HasLeaseAtNow)
        {
            AnswerRead(request, _log.Commit);
            return;
        }

        _reads.Add(request, _log.Commit);
        if (_tracker.Find(Id) is { } self)
        {
            // Alone in the group this answers the request already.
            ConfirmReads(self, _reads.CurrentRound);
        }

        if (_reads.Count > 0)
        {
            BroadcastHeartbeat();
        }
    }

    private void ConfirmReads(Progress member, ulong round)
    {
        if (round <= member.ConfirmedReadRound)
        {
            return;
        }

        member.ConfirmedReadRound = round;
        var confirmed = _tracker.ConfirmedReadRound();
        while (_reads.TryTake(confirmed, out var request, out var index))
        {
            AnswerRead(request, index);
        }
    }

    private void AnswerRead(in RaftMessage request, LogIndex index)
    {
        if (request.From == ReplicaId.None || request.From == Id)
        {
            _readStates.Add(new ReadState(request.Context, index));
        }
        else
        {
            Send(new RaftMessage { Type = RaftMessageType.ReadIndexResponse, To = request.From, Index = index, Context = request.Context });
            if (_options.DelayCommitNotices && _tracker.Find(request.From) is { } member && member.CanAdvanceCommitTo(index))
            {
                // It waits until it has applied what it reads.
                SendHeartbeat(member);
            }
        }
    }

    private void HandleReadIndexResponse(in RaftMessage response)
    {
        if (_role == RaftRole.Follower)
        {
            _readStates.Add(new ReadState(response.Context, response.Index));
        }
    }
}
