using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus.Replication;

/// <summary>What a leader knows of one member's log, and how it sends to it.</summary>
internal sealed class Progress(ReplicaId id, int maxInflightMessages, long maxInflightBytes)
{
    private readonly InflightWindow _inflight = new(maxInflightMessages, maxInflightBytes);

    // The commit index last sent; a follower that already has it need not be sent it again.
    private LogIndex _sentCommit;

    public ReplicaId Id { get; } = id;

    public ProgressState State { get; private set; } = ProgressState.Probe;

    /// <summary>The last entry known to be durable there and equal to ours.</summary>
    // Invariant: Match < Next.
    public LogIndex Match { get; private set; }

    /// <summary>The next entry to send.</summary>
    public LogIndex Next { get; private set; }

    /// <summary>While <see cref="State"/> is <see cref="ProgressState.Snapshot"/>: the index of the snapshot that was sent.</summary>
    public LogIndex PendingSnapshot { get; private set; }

    /// <summary>Whether the member answered since the last quorum check.</summary>
    public bool RecentActive { get; set; }

    /// <summary>Whether the member is a learner: it is sent entries, and counts for nothing.</summary>
    public bool IsLearner { get; set; }

    /// <summary>Whether it granted, or rejected, the vote that is under way; null while it has not answered.</summary>
    public bool? Vote { get; set; }

    /// <summary>The latest time at which this leader sent something that the member has confirmed in this term (the start of its vote promise
    /// is later than that); null if nothing was confirmed.</summary>
    public MonotonicTime? ConfirmedSend { get; set; }

    /// <summary>The latest read round that the member has confirmed in this term.</summary>
    public ulong ConfirmedReadRound { get; set; }

    /// <summary>Whether the member answered the hibernation handshake that is under way.</summary>
    public bool HibernationConfirmed { get; set; }

    /// <summary>Whether appends wait for an answer.</summary>
    public bool FlowPaused { get; set; }

    public int InflightCount => _inflight.Count;

    public bool IsInflightFull => _inflight.IsFull;

    public bool IsPaused => State == ProgressState.Snapshot || FlowPaused;

    /// <summary>Starts over for a new term of the leader.</summary>
    public void Reset(LogIndex match, LogIndex next)
    {
        EnterState(ProgressState.Probe);
        Match = match;
        Next = next;
        RecentActive = false;
        ConfirmedSend = null;
        ConfirmedReadRound = 0;
        HibernationConfirmed = false;
        _sentCommit = LogIndex.None;
    }

    public void BecomeProbe()
    {
        // A follower that got a snapshot is probed behind it: it may have installed it although its answer was lost.
        var installed = State == ProgressState.Snapshot ? PendingSnapshot : LogIndex.None;
        EnterState(ProgressState.Probe);
        Next = Max(Match, installed).Next;
        LowerSentCommit();
    }

    public void BecomeReplicate()
    {
        EnterState(ProgressState.Replicate);
        Next = Match.Next;
    }

    public void BecomeSnapshot(LogIndex index)
    {
        EnterState(ProgressState.Snapshot);
        PendingSnapshot = index;
        Next = index.Next;
        _sentCommit = index;
    }

    /// <summary>Notes that the snapshot under way did not arrive.</summary>
    public void AbortSnapshot() => PendingSnapshot = LogIndex.None;

    /// <summary>Notes an append of <paramref name="count"/> entries, which carried the commit index <paramref name="commit"/>.</summary>
    public void SentAppend(int count, long bytes, LogIndex commit)
    {
        Invariant.Check(State != ProgressState.Snapshot, $"append to {Id} while a snapshot is under way");
        if (State == ProgressState.Replicate)
        {
            if (count > 0)
            {
                Next += (ulong)count;
                _inflight.Add(Next.Previous, bytes);
            }

            FlowPaused = _inflight.IsFull;
        }
        else if (count > 0)
        {
            // A probe is one message per answer or heartbeat.
            FlowPaused = true;
        }

        _sentCommit = commit;
    }

    /// <summary>Notes that <paramref name="commit"/> was sent with a heartbeat.</summary>
    public void SentCommit(LogIndex commit) => _sentCommit = commit;

    /// <summary>Whether sending the commit index would tell the follower something it can use.</summary>
    public bool CanAdvanceCommitTo(LogIndex commit) => commit > _sentCommit && _sentCommit < Next.Previous;

    /// <summary>Notes that the follower holds all entries up to <paramref name="index"/>.</summary>
    /// <returns>Whether that was news.</returns>
    public bool TryAdvanceMatch(LogIndex index)
    {
        if (index <= Match)
        {
            return false;
        }

        Match = index;
        Next = Max(Next, index.Next);
        FlowPaused = false;
        return true;
    }

    /// <summary>Frees the window up to an acknowledged entry.</summary>
    public void FreeInflightTo(LogIndex index) => _inflight.FreeTo(index);

    /// <summary>Notes that the follower rejected an append after <paramref name="rejected"/>.</summary>
    /// <param name="rejected">The index of the entry that it did not have.</param>
    /// <param name="hint">The largest index at which the logs may agree.</param>
    /// <returns>False if the answer belongs to an append that something later has overtaken.</returns>
    public bool TryBackUp(LogIndex rejected, LogIndex hint)
    {
        if (State == ProgressState.Replicate)
        {
            if (rejected <= Match)
            {
                return false;
            }

            Next = Match.Next;
            LowerSentCommit();
            return true;
        }

        // A probe asks about one index at a time; any other answer is old.
        if (Next.Value != rejected.Value + 1)
        {
            return false;
        }

        Next = Max(Min(rejected, hint.Next), Match.Next);
        LowerSentCommit();
        FlowPaused = false;
        return true;
    }

    /// <summary>Puts the progress into any state, for tests of single transitions.</summary>
    internal void ForceState(ProgressState state, LogIndex pendingSnapshot, bool flowPaused)
    {
        EnterState(state);
        PendingSnapshot = pendingSnapshot;
        FlowPaused = flowPaused;
    }

    private static LogIndex Max(LogIndex a, LogIndex b) => a > b ? a : b;

    private static LogIndex Min(LogIndex a, LogIndex b) => a < b ? a : b;

    private void LowerSentCommit() => _sentCommit = Min(_sentCommit, Next.Previous);

    private void EnterState(ProgressState state)
    {
        State = state;
        FlowPaused = false;
        PendingSnapshot = LogIndex.None;
        _inflight.Clear();
    }
}
