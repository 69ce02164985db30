using OrleansStore.Consensus.Leases;
using OrleansStore.Consensus.Log;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Reads;
using OrleansStore.Consensus.Replication;
using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus;

/// <summary>One replica of a Raft group, without IO: inputs go in, effects come out as a <see cref="Ready"/>.</summary>
/// <remarks>
/// <para>Every input carries <c>now</c>, a reading of the driver's monotonic clock that never goes back. Leases and vote promises compare these readings;
/// ticks only pace elections and heartbeats. Nothing here reads a clock, draws randomness of its own, waits, or allocates per heartbeat.</para>
/// <para>Not thread-safe: the driver calls it in one turn at a time. An <see cref="InvariantViolationException"/> from any member means that this replica
/// must stop for good.</para>
/// </remarks>
public sealed partial class RaftCore
{
    private readonly RaftOptions _options;
    private readonly IRandomSource _random;
    private readonly ISnapshotSource _snapshots;
    private readonly RaftLog _log;
    private readonly ProgressTracker _tracker;
    private readonly LeaderLease _lease;
    private readonly ReadIndexQueue _reads = new();

    // Invariant: these never go back.
    private MonotonicTime _now;
    private Term _term;

    // Invariant: set once per term (Raft figure 2, votedFor).
    private ReplicaId _vote;
    private RaftRole _role;
    private ReplicaId _leader;
    private VoterPromise _promise;

    private int _electionElapsedTicks;
    private int _heartbeatElapsedTicks;

    // Whether a follower may be told of a commit that it does not know of, and no message is under way that tells it.
    private bool _owesCommitNotice;
    private int _electionTimeoutTicks;

    /// <summary>Starts a replica as a follower.</summary>
    /// <param name="options">Its options; they must not change afterwards.</param>
    /// <param name="state">What it finds in its storage.</param>
    /// <param name="snapshots">Where it finds snapshots to send.</param>
    /// <param name="random">Spreads election timeouts.</param>
    /// <param name="now">The time of the start.</param>
    /// <exception cref="ArgumentException">The options contradict themselves; the message holds all mistakes.</exception>
    /// <exception cref="InvariantViolationException">The stored state contradicts itself.</exception>
    public RaftCore(RaftOptions options, RaftStartState state, ISnapshotSource snapshots, IRandomSource random, MonotonicTime now)
    {
        var mistakes = options.Validate();
        if (mistakes.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', mistakes), nameof(options));
        }

        _options = options;
        _snapshots = snapshots;
        _random = random;
        _now = now;
        _log = new RaftLog(state.Compacted, state.Entries.Span, options.MaxApplyingBytes);
        _tracker = new ProgressTracker(options.MaxInflightMessages, options.MaxInflightBytes);
        _lease = new LeaderLease(options.TrustedLeaseDuration);

        // Raft thesis, section 6.4.1: a restarted voter has forgotten its promise, so it acts as if it had just given one.
        _promise = new VoterPromise(options.LeaseDuration, state.PromisedUntil ?? now + options.LeaseDuration);
        _tracker.SwitchTo(state.Config, _log.LastIndex);
        LoadHardState(state.HardState);
        if (state.Applied > LogIndex.None)
        {
            _log.MarkApplied(state.Applied, 0);
        }

        BecomeFollower(_term, ReplicaId.None);
        _lastSoftState = SoftState;
        _lastHardState = HardState;
    }

    /// <summary>The id of this replica.</summary>
    public ReplicaId Id => _options.Id;

    /// <summary>The current term.</summary>
    public Term Term => _term;

    /// <summary>The candidate this replica voted for in the current term; <see cref="ReplicaId.None"/> if it has not voted.</summary>
    public ReplicaId Vote => _vote;

    /// <summary>The part this replica plays.</summary>
    public RaftRole Role => _role;

    /// <summary>The leader of the current term; <see cref="ReplicaId.None"/> while it is not known.</summary>
    public ReplicaId Leader => _leader;

    /// <summary>The last entry known to be committed.</summary>
    public LogIndex CommitIndex => _log.Commit;

    /// <summary>The last entry the state machine is known to have applied.</summary>
    public LogIndex AppliedIndex => _log.Applied;

    /// <summary>The first entry the log still holds; one after the last where it holds none.</summary>
    public LogIndex FirstIndex => _log.FirstIndex;

    /// <summary>The last entry of the log.</summary>
    public EntryId LastEntry => _log.LastEntry;

    /// <summary>The last entry that is durable here.</summary>
    public LogIndex DurableIndex => _log.Durable;

    /// <summary>The configuration in force: as of <see cref="AppliedIndex"/>, or of a snapshot that is being installed.</summary>
    public GroupConfig Config => _tracker.Config;

    /// <summary>Role and leader.</summary>
    public SoftState SoftState => new(_role, _leader);

    /// <summary>Term, vote and commit index.</summary>
    public HardState HardState => new(_term, _vote, _log.Commit);

    /// <summary>Until when this replica grants no vote; what <see cref="RaftStartState.PromisedUntil"/> takes when the same process starts it again.</summary>
    public MonotonicTime PromisedUntil => _promise.Until;

    /// <summary>What this replica, if it leads, knows of a member; null for others than members.</summary>
    internal Progress? FindProgress(ReplicaId id) => _tracker.Find(id);

    /// <summary>Takes the passage of one tick. After a pause the driver delivers one tick, never the missed ones.</summary>
    public void Tick(MonotonicTime now)
    {
        Observe(now);
        if (_hibernation == HibernationPhase.Asleep)
        {
            return;
        }

        if (_role == RaftRole.Leader)
        {
            TickLeader();
        }
        else
        {
            TickElection();
        }
    }

    /// <summary>How many ticks may pass before one must be delivered, if nothing else comes in; at least 1. A driver of many groups passes over those that have time, and
    /// tells them with <see cref="PassTicks"/>.</summary>
    public int TicksUntilDue => (_hibernation, _role) switch
    {
        (HibernationPhase.Asleep, _) => int.MaxValue,
        (HibernationPhase.Awake, RaftRole.Leader) when !_owesCommitNotice =>
            Math.Max(1, Math.Min(_options.HeartbeatTicks - _heartbeatElapsedTicks, _options.ElectionTimeoutTicks - _electionElapsedTicks)),
        (HibernationPhase.Awake, RaftRole.Follower) when _insistsForTicks == 0 => Math.Max(1, Math.Min(_electionTimeoutTicks, _options.ElectionTimeoutTicks) - _electionElapsedTicks),
        _ => 1,
    };

    /// <summary>Counts ticks that went by without being delivered. Nothing is done on them: what was due is done with the next <see cref="Tick"/>.</summary>
    /// <param name="count">How many; not negative. Call it before any other input that came after them.</param>
    public void PassTicks(int count)
    {
        Invariant.Check(count >= 0, $"{count} ticks cannot have passed");
        if (_hibernation != HibernationPhase.Asleep)
        {
            _electionElapsedTicks += count;
            _heartbeatElapsedTicks += count;
        }
    }

    /// <summary>Returns the term of an entry; null where the log does not hold it. The entry before <see cref="FirstIndex"/> is known, too.</summary>
    public Term? TermAt(LogIndex index) => _log.TermAt(index);

    /// <summary>Returns entries of the log.</summary>
    /// <param name="first">At or after <see cref="FirstIndex"/>.</param>
    /// <param name="last">At or before the last entry; below <paramref name="first"/> for none.</param>
    public ReadOnlyMemory<Entry> Entries(LogIndex first, LogIndex last) => _log.Slice(first, last);

    /// <summary>Returns how many members hold the log durably up to an entry, learners included, as far as this leader knows; 0 where it does not lead.</summary>
    public int CountDurableCopies(LogIndex index)
    {
        var copies = 0;
        if (_role == RaftRole.Leader)
        {
            foreach (var member in _tracker.Members)
            {
                copies += member.Match >= index ? 1 : 0;
            }
        }

        return copies;
    }

    /// <summary>Returns the last entry that a member is known to hold durably; null where this replica does not lead, or for others than members.</summary>
    public LogIndex? MatchIndexOf(ReplicaId member) => _role == RaftRole.Leader ? _tracker.Find(member)?.Match : null;

    /// <summary>Drops the log's prefix. The caller holds a durable snapshot that covers it, and its <see cref="ISnapshotSource"/> offers that one or a
    /// newer one (invariant 7).</summary>
    /// <param name="last">The last entry to drop; applied.</param>
    /// <exception cref="ArgumentOutOfRangeException">The entry was dropped already, or is not applied.</exception>
    public void Compact(LogIndex last) => _log.Compact(last);

    private void Observe(MonotonicTime now)
    {
        Invariant.Check(now >= _now, $"the clock went back from {_now} to {now}");
        _now = now;
    }

    private void LoadHardState(HardState state)
    {
        if (state == HardState.Empty)
        {
            return;
        }

        Invariant.Check(
            state.Commit >= _log.Commit && state.Commit <= _log.LastIndex,
            $"commit {state.Commit} is outside the log [{_log.Commit}, {_log.LastIndex}]: durable entries were lost");
        _term = state.Term;
        _durableTerm = state.Term;
        _vote = state.Vote;
        _log.CommitTo(state.Commit);
    }

    /// <summary>Starts a new part: forgets all that belonged to the old one.</summary>
    private void Reset(Term term)
    {
        Invariant.Check(term >= _term, $"the term would fall from {_term} to {term}");
        if (term != _term)
        {
            _term = term;
            _vote = ReplicaId.None;
            _lastLeaderSend = null;
        }

        _leader = ReplicaId.None;
        _electionElapsedTicks = 0;
        _heartbeatElapsedTicks = 0;
        _owesCommitNotice = false;
        DrawElectionTimeout();
        _transferTarget = ReplicaId.None;
        _pendingConfigIndex = LogIndex.None;
        _uncommittedBytes = 0;
        _hibernation = HibernationPhase.Awake;
        _lease.Forfeit();
        _reads.Clear();
        _earlyReads.Clear();
        _tracker.ForgetVotes();
        foreach (var member in _tracker.Members)
        {
            member.Reset(member.Id == Id ? _log.LastIndex : LogIndex.None, _log.LastIndex.Next);
        }
    }

    /// <summary>Sets the role and nothing else, for tests of single transitions.</summary>
    internal void SetRole(RaftRole role) => _role = role;

    internal void BecomeFollower(Term term, ReplicaId leader)
    {
        Reset(term);
        _role = RaftRole.Follower;
        _leader = leader;
    }

    internal void BecomePreCandidate()
    {
        Invariant.Check(_role != RaftRole.Leader, "a leader does not campaign");

        // Neither term nor vote changes: that is the point of asking first.
        _tracker.ForgetVotes();
        _leader = ReplicaId.None;
        _role = RaftRole.PreCandidate;
    }

    internal void BecomeCandidate()
    {
        Invariant.Check(_role != RaftRole.Leader, "a leader does not campaign");
        Reset(_term.Next);
        _vote = Id;
        _role = RaftRole.Candidate;
    }

    internal void BecomeLeader()
    {
        Invariant.Check(_role != RaftRole.Follower, "a follower does not lead without an election");
        Reset(_term);
        _role = RaftRole.Leader;
        _leader = Id;
        _insistsForTicks = 0;
        _lease.BeginTerm(_now);
        if (_tracker.Find(Id) is { } self)
        {
            self.BecomeReplicate();
            self.RecentActive = true;
        }

        // There may be a configuration change among the entries that are not applied yet; wait for all of them before proposing one.
        _pendingConfigIndex = _log.LastIndex;

        // Raft section 8: an entry of the own term must commit before the leader knows what is committed.
        var opened = TryAppendOwn([new Entry(_term, _log.LastIndex.Next, EntryType.Normal, default)]);
        Invariant.Check(opened, "the empty entry that opens a term counts for no bytes");
    }
}
