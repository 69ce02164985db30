using OrleansStore.Buckets.Commands;
using OrleansStore.Consensus;

namespace OrleansStore.Buckets.Replicas;

/// <content>Requests of clients: what is answered at once, what is proposed, and what waits.</content>
public sealed partial class BucketReplica
{
    // Requests that came while no leader was known: they wait for the election that they started.
    private readonly List<(ulong Token, BucketRequest Request)> _awaitingLeader = [];

    // Commands of this turn, which the next flush proposes together.
    private readonly List<(PendingProposal Proposal, ReadOnlyMemory<byte> Command)> _unproposed = [];

    // Proposals by their place in the log.
    private readonly Dictionary<LogIndex, PendingProposal> _proposed = [];

    private int PendingRequests => _awaitingLeader.Count + _unproposed.Count + _proposed.Count + PendingReads;

    /// <summary>Takes a request in. Exactly one <see cref="BucketReply"/> with its token follows, unless the replica is dropped first.</summary>
    /// <param name="time">The time; read after the request arrived.</param>
    /// <param name="token">The caller's, unique among its requests that wait.</param>
    /// <param name="request">The request.</param>
    public void Submit(ReplicaTime time, ulong token, BucketRequest request)
    {
        Observe(time);
        _lastUsed = time.Now;
        if (request is ReadRequest { Consistency: ReadConsistency.Eventual } or PageRequest { Scan.Consistency: ReadConsistency.Eventual })
        {
            AnswerRead(token, request);
        }
        else if (time.Now >= request.Deadline)
        {
            Refuse(token, request, Refusal.Unavailable);
        }
        else if (PendingRequests >= _options.MaxPendingRequests)
        {
            Refuse(token, request, Refusal.Throttled);
        }
        else if (_core.Role == RaftRole.Leader)
        {
            Accept(token, request);
        }
        else if (_core.Leader != ReplicaId.None && _core.Role == RaftRole.Follower && _core.Hibernation == HibernationPhase.Awake)
        {
            Refuse(token, request, Refusal.NotLeader);
        }
        else
        {
            // A replica that is asked for service does not sleep on: if no leader shows itself within an election timeout, it campaigns.
            _awaitingLeader.Add((token, request));
            _core.Wake(time.Now);
            if (CampaignsFirst)
            {
                _core.Campaign(time.Now);
            }
        }
    }

    private void Accept(ulong token, BucketRequest request)
    {
        switch (request)
        {
            case WriteRequest write:
                AcceptWrite(token, write);
                break;
            case OutcomeRequest outcome:
                Enqueue(token, request, new SettleOutcomeCommand(_time.Wall, outcome.RequestId, outcome.FirstSent));
                break;
            default:
                AcceptRead(token, request);
                break;
        }
    }

    private void AcceptWrite(ulong token, WriteRequest request)
    {
        var command = new TransactionCommand(_time.Wall, request.Identity, request.Transaction);

        // The request id comes first: a retried request gets its first answer, whatever its guards would say now (invariant 4).
        if (request.Identity.Id.Form != RequestIdForm.None && _state.FindAnswer(command) is { } known)
        {
            // What is remembered was applied, and so was committed: whoever holds all that is applied here holds it, too.
            Effects.Replies.Add(new BucketReply(token, Write: known with { DurableCopies = _core.CountDurableCopies(_applied) }));
        }
        else if (RefusesWritesWith is { } status && !OnlyDeletes(request.Transaction))
        {
            Effects.Replies.Add(new BucketReply(token, Write: new WriteResult(status, Revision.None) { RetryAfter = _options.ThrottleDelay }));
        }
        else if (TryFindFailedGuard(request, out var guard))
        {
            Effects.Replies.Add(new BucketReply(token, Write: new WriteResult(WriteStatus.PreconditionFailed, _state.Revision) { FailedGuard = guard }));
        }
        else
        {
            Enqueue(token, request, command);
        }
    }

    /// <summary>Whether a guard fails that may be tried without the log: where a linearizable read would be allowed and nothing that is pending could change it.</summary>
    private bool TryFindFailedGuard(WriteRequest request, out int guard)
    {
        guard = -1;

        // Copies that a caller sends itself may come over other datacenters, and only the log remembers.
        if (request.Transaction.Guards.IsEmpty || request.RemembersRejection || request.Identity.Id.Form == RequestIdForm.Opaque
            || _unproposed.Count > 0 || _proposed.Count > 0 || !CanReadNow)
        {
            return false;
        }

        guard = _state.FindFailedGuard(request.Transaction);
        return guard >= 0;
    }

    private void Enqueue(ulong token, BucketRequest request, BucketCommand command) =>
        _unproposed.Add((new PendingProposal(token, request, Term.None), CommandCodec.Encode(command)));

    private void ProposeAll()
    {
        if (_unproposed.Count == 0)
        {
            return;
        }

        var commands = new ReadOnlyMemory<byte>[_unproposed.Count];
        for (var i = 0; i < commands.Length; i++)
        {
            commands[i] = _unproposed[i].Command;
        }

        var result = _core.Role == RaftRole.Leader ? _core.Propose(_time.Now, commands) : new ProposeResult(ProposeStatus.NotLeader);
        for (var i = 0; i < commands.Length; i++)
        {
            var proposal = _unproposed[i].Proposal with { Term = result.FirstEntry.Term };
            if (result.Status == ProposeStatus.Appended)
            {
                Register(result.FirstEntry.Index + (ulong)i, proposal);
            }
            else
            {
                RefuseProposal(proposal, result.Status);
            }
        }

        _unproposed.Clear();
    }

    private void Register(LogIndex index, PendingProposal proposal)
    {
        // What was pending here was overwritten by another leader, and this replica leads again: the old one can never commit.
        if (_proposed.Remove(index, out var overwritten) && overwritten.Request is { } request)
        {
            Refuse(overwritten.Token, request, Refusal.NotLeader);
        }

        _proposed.Add(index, proposal);
    }

    private void RefuseProposal(PendingProposal proposal, ProposeStatus status)
    {
        if (proposal.Request is { } request)
        {
            Refuse(proposal.Token, request, status is ProposeStatus.Throttled or ProposeStatus.TransferInProgress ? Refusal.Throttled : Refusal.NotLeader);
        }
    }

    /// <summary>Gives up on requests whose time is up. What was proposed may still take effect.</summary>
    private void ExpireRequests()
    {
        for (var i = _awaitingLeader.Count - 1; i >= 0; i--)
        {
            if (_time.Now >= _awaitingLeader[i].Request.Deadline)
            {
                Refuse(_awaitingLeader[i].Token, _awaitingLeader[i].Request, Refusal.Unavailable);
                _awaitingLeader.RemoveAt(i);
            }
        }

        foreach (var (index, proposal) in _proposed)
        {
            if (proposal.Request is { } request && _time.Now >= request.Deadline)
            {
                AnswerUnknown(proposal.Token, request);
                _proposed.Remove(index);
            }
        }

        ExpireReads();
    }

    /// <summary>Called when the role or the leader changed.</summary>
    private void RedirectWaiting()
    {
        if (_core.Role != RaftRole.Leader)
        {
            RefuseReads();
        }

        if (_awaitingLeader.Count == 0 || _core.Leader == ReplicaId.None)
        {
            return;
        }

        var waiting = _awaitingLeader.ToArray();
        _awaitingLeader.Clear();
        foreach (var (token, request) in waiting)
        {
            if (_core.Role == RaftRole.Leader)
            {
                Accept(token, request);
            }
            else
            {
                Refuse(token, request, Refusal.NotLeader);
            }
        }
    }

    /// <summary>Answers that the request changed nothing and was not proposed, or was and can no longer commit.</summary>
    private void Refuse(ulong token, BucketRequest request, Refusal refusal)
    {
        var retryAfter = refusal == Refusal.NotLeader ? (TimeSpan?)null : _options.ThrottleDelay;
        Effects.Replies.Add(request switch
        {
            WriteRequest => new BucketReply(token, Write: new WriteResult(refusal.ForWrite(), Revision.None) { RetryAfter = retryAfter }, Leader: _core.Leader),
            OutcomeRequest => new BucketReply(token, Outcome: new OutcomeResult(refusal.ForOutcome()), Leader: _core.Leader),
            ReadRequest => new BucketReply(
                token, Read: new ReadResult(refusal.ForRead(), null, Revision.None, LogIndex.None) { RetryAfter = retryAfter }, Leader: _core.Leader),
            _ => new BucketReply(
                token, Page: new ScanPage(refusal.ForRead(), [], null, Revision.None, LogIndex.None) { RetryAfter = retryAfter }, Leader: _core.Leader),
        });
    }

    private void AnswerUnknown(ulong token, BucketRequest request) => Effects.Replies.Add(request is WriteRequest
        ? new BucketReply(token, Write: new WriteResult(WriteStatus.OutcomeUnknown, Revision.None), Leader: _core.Leader)
        : new BucketReply(token, Outcome: new OutcomeResult(OutcomeStatus.Unknown), Leader: _core.Leader));

    private static bool OnlyDeletes(Transaction transaction)
    {
        foreach (var operation in transaction.Operations)
        {
            if (operation.Kind != OperationKind.Delete)
            {
                return false;
            }
        }

        return true;
    }
}
