using OrleansStore.Consensus.Messages;

namespace OrleansStore.Consensus;

/// <summary>Messages from other replicas: terms first (Raft section 5.1), then by type.</summary>
public sealed partial class RaftCore
{
    /// <summary>Takes a message in.</summary>
    /// <param name="now">The time; read after the message arrived.</param>
    /// <param name="message">A message that was checked for damage and comes from a replica of this group, or from this replica itself.</param>
    public StepStatus Step(MonotonicTime now, in RaftMessage message)
    {
        Observe(now);
        if (message.IsResponse && _tracker.Find(message.From) is null)
        {
            return StepStatus.UnknownPeer;
        }

        return StepChecked(message);
    }

    private StepStatus StepChecked(in RaftMessage message)
    {
        // Term 0 marks what members hand to their leader: it belongs to whatever term the leader is in.
        if (message.Term > _term)
        {
            if (!TryEnterTermOf(message))
            {
                return StepStatus.Accepted;
            }
        }
        else if (message.Term < _term && message.Term != Term.None)
        {
            AnswerOldTerm(message);
            return StepStatus.Accepted;
        }
        else if (message.Type is RaftMessageType.Vote or RaftMessageType.PreVote && IsVoteBlockedByPromise && !message.IsTransfer)
        {
            return StepStatus.Accepted;
        }

        return Dispatch(message);
    }

    /// <returns>False if the message must be ignored.</returns>
    private bool TryEnterTermOf(in RaftMessage message)
    {
        var asksForVote = message.Type is RaftMessageType.Vote or RaftMessageType.PreVote;
        if (asksForVote && !message.IsTransfer && IsVoteBlocked)
        {
            // Raft thesis, sections 4.2.3 and 6.4.1: who hears from a leader, or promised it, neither votes nor changes its term.
            return false;
        }

        // A pre-vote changes nobody's term, and neither does the promise to vote in a later one.
        if (message.Type == RaftMessageType.PreVote || (message.Type == RaftMessageType.PreVoteResponse && !message.Reject))
        {
            return true;
        }

        BecomeFollower(message.Term, message.IsFromLeader ? message.From : ReplicaId.None);
        return true;
    }

    private void AnswerOldTerm(in RaftMessage message)
    {
        if (message.Type is RaftMessageType.Heartbeat or RaftMessageType.Append && (_options.CheckQuorum || _options.PreVote))
        {
            // A replica with a higher term must free itself: with pre-vote it does not raise the others' term by campaigning, and they
            // ignore it while they hear from a leader. The answer tells that leader of the higher term.
            Send(new RaftMessage { Type = RaftMessageType.AppendResponse, To = message.From });
        }
        else if (message.Type == RaftMessageType.PreVote)
        {
            // Without an answer, candidates of old terms and higher priority could ask for ever.
            LearnCommit(message);
            Send(TellingCommit(new RaftMessage { Type = RaftMessageType.PreVoteResponse, To = message.From, Term = _term, Reject = true }));
        }
    }

    private StepStatus Dispatch(in RaftMessage message)
    {
        if (Wakes(message))
        {
            WakeUp();
        }

        switch (message.Type)
        {
            case RaftMessageType.Vote or RaftMessageType.PreVote:
                HandleVoteRequest(message);
                break;
            case RaftMessageType.VoteResponse or RaftMessageType.PreVoteResponse:
                HandleVoteResponse(message);
                break;
            case RaftMessageType.Propose:
                return HandleForwardedProposal(message);
            case RaftMessageType.ReadIndex:
                HandleReadIndex(message);
                break;
            case RaftMessageType.ReadIndexResponse:
                HandleReadIndexResponse(message);
                break;
            case RaftMessageType.TransferLeadership:
                HandleTransferLeadership(message.From);
                break;
            case RaftMessageType.TimeoutNow:
                HandleTimeoutNow();
                break;
            case RaftMessageType.Append or RaftMessageType.Heartbeat or RaftMessageType.InstallSnapshot or RaftMessageType.Hibernate:
                HandleFromLeader(message);
                break;
            default:
                HandleFollowerResponse(message);
                break;
        }

        return StepStatus.Accepted;
    }

    /// <summary>Whether a message asks for something, so that a group that sleeps, or is about to, must get up. An answer to what was asked before does not.</summary>
    private static bool Wakes(in RaftMessage message) => message.Type switch
    {
        RaftMessageType.Hibernate or RaftMessageType.HibernateResponse or RaftMessageType.HeartbeatResponse => false,
        RaftMessageType.AppendResponse => message.Reject,
        _ => true,
    };

    /// <summary>Sends a message, in the name and at the term of this replica unless it says otherwise.</summary>
    private void Send(RaftMessage message)
    {
        message = message with { From = message.From == ReplicaId.None ? Id : message.From };
        if (message.Term == Term.None && message.Type is not (RaftMessageType.Propose or RaftMessageType.ReadIndex))
        {
            message = message with { Term = _term };
        }

        // Invariant 1: what a message promises must be durable before it leaves. Votes and acknowledgements promise by their nature.
        // A heartbeat answer names a term, so it waits while that term is not durable.
        var promises = message.Type is RaftMessageType.VoteResponse or RaftMessageType.PreVoteResponse or RaftMessageType.AppendResponse
            or RaftMessageType.HibernateResponse
            || (message.Type == RaftMessageType.HeartbeatResponse && _durableTerm != _term);
        (promises ? _messagesAfterAppend : _messages).Add(message);
    }
}
