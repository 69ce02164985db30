using OrleansStore.Consensus.Messages;
using OrleansStore.Consensus.Quorums;
using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus;

/// <summary>Elections: Raft section 5.2 and 5.4.1; pre-vote: Raft thesis, section 9.6; transfer: 3.10; promises: 6.4.1.</summary>
public sealed partial class RaftCore
{
    private bool _mayLead = true;

    // Ticks, not counting those in which a promise forbids it, for which a campaign that somebody asked for is repeated while it is not decided: other voters may be bound
    // for a moment longer than this one, and say nothing until then.
    private int _insistsForTicks;

    /// <summary>Whether this replica may campaign. A datacenter whose clock is too far off, or that is being drained, does not lead; it still votes.</summary>
    public bool MayLead
    {
        get => _mayLead;
        set => _mayLead = value;
    }

    /// <summary>Whether this replica could become leader now: it votes, it may lead, and no snapshot is being installed.</summary>
    public bool IsPromotable =>
        _mayLead && _log.InstallingSnapshot is null && _tracker.Find(Id) is { IsLearner: false };

    /// <summary>Campaigns now, unless this replica leads already or is not promotable. One that has promised a leader not to vote campaigns when the promise has run out,
    /// unless a leader is heard by then. Where leases rest on promises it asks again with every heartbeat interval, for an election timeout: voters whose promises end later
    /// than its own do not answer before.</summary>
    /// <param name="now">The time.</param>
    public void Campaign(MonotonicTime now)
    {
        Observe(now);
        WakeUp();
        _insistsForTicks = _options.Lease == LeasePolicy.Promise ? _options.ElectionTimeoutTicks : 0;
        StartCampaign(isTransfer: false);
    }

    /// <summary>Tells a follower that its link to the leader broke: it need not wait for a full election timeout. It still waits for its own vote
    /// promise to run out, and for its place in the order of campaigning.</summary>
    /// <param name="now">The time.</param>
    public void SuspectLeader(MonotonicTime now)
    {
        Observe(now);
        if (_role == RaftRole.Follower && _hibernation == HibernationPhase.Awake)
        {
            _electionElapsedTicks = Math.Max(_electionElapsedTicks, _options.ElectionTimeoutTicks);
        }
    }

    /// <summary>Forgets who leads: this follower may vote for somebody else before its election timeout. Promises are kept.</summary>
    internal void ForgetLeader(MonotonicTime now)
    {
        Observe(now);

        // A lease by quorum check rests on followers that know a leader.
        if (_role == RaftRole.Follower && _options.Lease != LeasePolicy.QuorumCheck)
        {
            _leader = ReplicaId.None;
        }
    }

    /// <summary>Sets the election timeout that is running.</summary>
    internal void SetElectionTimeout(int ticks) => _electionTimeoutTicks = ticks;

    private void DrawElectionTimeout() => _electionTimeoutTicks =
        _options.ElectionTimeoutTicks + (_options.Priority * _options.PriorityDelayTicks) + _random.Next(_options.ElectionJitterTicks);

    private void TickElection()
    {
        _electionElapsedTicks++;
        if (IsVoteBlockedByPromise)
        {
            // Place in the order and jitter count from the end of the promise: else they are used up by then, and all campaign at once and split the election.
            _electionElapsedTicks = Math.Min(_electionElapsedTicks, _options.ElectionTimeoutTicks);
            return;
        }

        if (!IsPromotable)
        {
            return;
        }

        if (_electionElapsedTicks >= _electionTimeoutTicks || Insists())
        {
            _electionElapsedTicks = 0;
            StartCampaign(isTransfer: false);
        }
    }

    /// <summary>Whether it is time to begin, or to repeat, a campaign that somebody asked for. It is repeated with pre-votes, which bind nobody. An election that two campaigns have split is left
    /// sooner than its timeout, after time enough for two rounds of messages: only one replica is asked to campaign, so no two go on splitting.</summary>
    private bool Insists() => _insistsForTicks > 0 && _insistsForTicks-- > 0 && _role switch
    {
        RaftRole.Follower => true,
        RaftRole.PreCandidate => _electionElapsedTicks >= _options.HeartbeatTicks,
        _ => _electionElapsedTicks >= 2 * _options.HeartbeatTicks,
    };

    private bool IsVoteBlockedByPromise => _options.Lease == LeasePolicy.Promise && _promise.IsActiveAt(_now);

    private void StartCampaign(bool isTransfer)
    {
        if (_role == RaftRole.Leader || !IsPromotable || HasUnappliedConfigChange())
        {
            return;
        }

        // The own vote is a vote: a promise to a leader binds it like any other, unless that leader asked for this election.
        if (IsVoteBlockedByPromise && !isTransfer)
        {
            return;
        }

        if (_options.PreVote && !isTransfer)
        {
            BecomePreCandidate();
            AskForVotes(RaftMessageType.PreVote, RaftMessageType.PreVoteResponse, _term.Next, isTransfer: false);
        }
        else
        {
            RunForElection(isTransfer);
        }
    }

    private void RunForElection(bool isTransfer)
    {
        BecomeCandidate();
        AskForVotes(RaftMessageType.Vote, RaftMessageType.VoteResponse, _term, isTransfer);
    }

    private void AskForVotes(RaftMessageType request, RaftMessageType response, Term term, bool isTransfer)
    {
        var last = _log.LastEntry;
        foreach (var member in _tracker.Members)
        {
            if (!_tracker.Config.IsVoter(member.Id))
            {
                continue;
            }

            // The own vote counts like the others: once it is durable.
            Send(member.Id == Id
                ? new RaftMessage { Type = response, To = Id, Term = term }
                : TellingCommit(new RaftMessage { Type = request, To = member.Id, Term = term, Index = last.Index, LogTerm = last.Term, IsTransfer = isTransfer }));
        }
    }

    /// <summary>Whether a committed configuration change waits to be applied: an election now would be held among the wrong members.</summary>
    private bool HasUnappliedConfigChange()
    {
        foreach (ref readonly var entry in _log.Slice(_log.Applied.Next, _log.Commit).Span)
        {
            if (entry.Type == EntryType.ConfigChange)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether this replica must not even consider a vote: somebody leads, or may lead.</summary>
    private bool IsVoteBlocked => _options.Lease == LeasePolicy.Promise
        ? _promise.IsActiveAt(_now) || (_role == RaftRole.Leader && HasLeaseAtNow)
        : _options.CheckQuorum && _leader != ReplicaId.None && _electionElapsedTicks < _options.ElectionTimeoutTicks;

    /// <summary>Adds to a vote, or to the answer to one, what is known to be committed.</summary>
    private RaftMessage TellingCommit(RaftMessage message) => _options.VotesTellCommit && _log.TermAt(_log.Commit) is { } term
        ? message with { Commit = _log.Commit, Context = term.Value }
        : message;

    /// <summary>Learns from a vote, or from the answer to one, how far the log is committed.</summary>
    /// <remarks>
    /// A configuration takes effect when it is applied. So a replica that does not know of its commit campaigns among members that are gone, and yet votes for nobody whose log is shorter: the group would stay
    /// without a leader although a majority of its members lives. What the sender knows to be committed is committed here as well if the log holds an entry of that index and term: the logs are then equal up
    /// to it (Raft figure 3, log matching).
    /// </remarks>
    private void LearnCommit(in RaftMessage message)
    {
        if (!_options.VotesTellCommit || _role == RaftRole.Leader || message.Commit <= _log.Commit || !_log.Contains(new EntryId(new Term(message.Context), message.Commit)))
        {
            return;
        }

        _log.CommitTo(message.Commit);
        if (_role != RaftRole.Follower && HasUnappliedConfigChange())
        {
            // The votes that were asked for are those of the members before. The term stays, so the vote stays.
            BecomeFollower(_term, ReplicaId.None);
        }
    }

    private void HandleVoteRequest(in RaftMessage request)
    {
        LearnCommit(request);
        var isPreVote = request.Type == RaftMessageType.PreVote;
        var canVote = _vote == request.From
            || (_vote == ReplicaId.None && _leader == ReplicaId.None)
            || (isPreVote && request.Term > _term);
        var isUpToDate = _log.IsUpToDate(new EntryId(request.LogTerm, request.Index));
        var grants = canVote && isUpToDate;
        Send(TellingCommit(new RaftMessage
        {
            Type = isPreVote ? RaftMessageType.PreVoteResponse : RaftMessageType.VoteResponse,
            To = request.From,

            // A granted pre-vote names the term it was asked for; everything else names the voter's own.
            Term = grants ? request.Term : _term,
            Reject = !grants,
        }));
        if (isPreVote && !isUpToDate && _options.Lease == LeasePolicy.Promise && _role == RaftRole.Follower && _electionElapsedTicks >= _options.ElectionTimeoutTicks)
        {
            // A leader is wanted, and whoever asks lacks entries that are here: it cannot win, so this replica need not wait for its place in the order.
            _insistsForTicks = _options.ElectionTimeoutTicks;
        }

        if (grants && !isPreVote)
        {
            Invariant.Check(_vote == ReplicaId.None || _vote == request.From, $"second vote in term {_term}: {_vote}, then {request.From}");
            _vote = request.From;
            _electionElapsedTicks = 0;
        }
    }

    private void HandleVoteResponse(in RaftMessage response)
    {
        LearnCommit(response);

        // An answer to another question is no vote. A granted pre-vote must name the term that is asked for now: one that was granted
        // for an earlier campaign says nothing about this one. Answers to votes of earlier terms were dropped with their term.
        var isAwaited = (_role, response.Type) switch
        {
            (RaftRole.Candidate, RaftMessageType.VoteResponse) => true,
            (RaftRole.PreCandidate, RaftMessageType.PreVoteResponse) => response.Reject || response.Term == _term.Next,
            _ => false,
        };
        if (!isAwaited)
        {
            return;
        }

        _tracker.RecordVote(response.From, granted: !response.Reject);
        switch (_tracker.TallyVotes())
        {
            case VoteResult.Won when _role == RaftRole.PreCandidate:
                RunForElection(isTransfer: false);
                break;
            case VoteResult.Won when _tracker.Find(Id)?.Vote != true:
                // Invariant 1, Raft figure 2: its own term and vote are not durable yet. If it led now and then lost its memory, it could be elected again in this term, by voters that
                // have voted for it, and write other entries under the same index and term.
                break;
            case VoteResult.Won:
                BecomeLeader();
                BroadcastAppend();
                break;
            case VoteResult.Lost:
                // Raft section 5.2: wait for a new random timeout. The term stays, so the vote stays.
                _insistsForTicks = 0;
                BecomeFollower(_term, ReplicaId.None);
                break;
            default:
                break;
        }
    }
}
