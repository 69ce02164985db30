using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;
using OrleansStore.Diagnostics;

namespace OrleansStore.Buckets.Replicas;

/// <summary>One replica of a bucket, without IO: a Raft core and the replicated state, and the requests that wait for them.</summary>
/// <remarks>
/// <para>Inputs go in, each with the time; what is to be done comes out as <see cref="Effects"/> after <see cref="Flush"/>. A driver passes in all the inputs it has and then
/// flushes once: all commands of a turn stand in one append, and all reads of a turn share one round.</para>
/// <para>One turn at a time. An exception from any member means that this replica stops for good: nothing it holds can be trusted.</para>
/// </remarks>
public sealed partial class BucketReplica : ISnapshotSource
{
    // Entries that a learner may still lack when it becomes a voter: less than what is under way in a busy group.
    private const ulong MaxCaughtUpLag = 64;

    private readonly BucketReplicaOptions _options;
    private readonly RaftCore _core;
    private BucketState _state;
    private ReplicaTime _time;

    // Invariant: _state is the result of applying the log up to here, and of nothing else (invariant 3).
    private LogIndex _applied;
    private Term _appliedTerm;
    private MonotonicTime _lastUsed;

    /// <summary>Starts a replica.</summary>
    /// <param name="options">Its options; they must not change afterwards.</param>
    /// <param name="start">What storage holds, and what the process remembers. <see cref="RaftStartState.Applied"/> is what <paramref name="state"/> covers.</param>
    /// <param name="state">The state of the newest snapshot, or a new one. The replica owns it.</param>
    /// <param name="snapshot">That snapshot; null where there is none.</param>
    /// <param name="dueTime">The due time that storage holds.</param>
    /// <param name="random">Spreads election timeouts.</param>
    /// <param name="time">The time of the start.</param>
    /// <exception cref="ArgumentException">The options contradict themselves; the message holds all mistakes.</exception>
    public BucketReplica(
        BucketReplicaOptions options, RaftStartState start, BucketState state, RaftSnapshot? snapshot, WallTime? dueTime, IRandomSource random, ReplicaTime time)
    {
        var mistakes = options.Validate();
        if (mistakes.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', mistakes), nameof(options));
        }

        _options = options;
        _state = state;
        _time = time;
        _applied = start.Applied;
        _appliedTerm = snapshot?.Metadata.Term ?? Term.None;
        _storedDueTime = dueTime;
        _storedCommit = start.HardState.Commit;
        _lastUsed = time.Now;
        Latest = snapshot;
        _core = new RaftCore(options.Raft, start, this, random, time.Now);
    }

    /// <summary>What is to be done; filled by <see cref="Flush"/>, cleared by the driver.</summary>
    public ReplicaEffects Effects { get; } = new();

    /// <summary>The newest durable snapshot; null where there is none.</summary>
    public RaftSnapshot? Latest { get; private set; }

    /// <summary>The replicated state. Only for reading, and only within the turn.</summary>
    public BucketState State => _state;

    /// <summary>The members as of what is applied.</summary>
    public GroupConfig Config => _core.Config;

    /// <summary>Whether this replica leads and its group is awake.</summary>
    public bool IsAwakeLeader => _core is { Role: RaftRole.Leader, Hibernation: HibernationPhase.Awake };

    /// <summary>What the replica knows of itself.</summary>
    public ReplicaStatus Status => new(
        _core.Role, _core.Term, _core.Leader, _core.CommitIndex, _applied, _core.LastEntry.Index, _core.Hibernation, _core.Config);

    /// <summary>Until when the replica grants no vote; what the next activation in this process is started with.</summary>
    public MonotonicTime PromisedUntil => _core.PromisedUntil;

    /// <inheritdoc cref="RaftCore.LeaseEndAt"/>
    public MonotonicTime? LeaseEndAt(MonotonicTime now) => _core.LeaseEndAt(now);

    /// <summary>Whether the group sleeps and nothing waits here: the driver may drop this replica from memory.</summary>
    public bool CanDeactivate =>
        _core.Hibernation == HibernationPhase.Asleep && PendingRequests == 0 && _writesInFlight.Count == 0 && !_isTakingSnapshot && Effects.IsEmpty
        && !_core.HasReady && _applied == _core.CommitIndex;

    /// <summary>The replica that shall lead whenever it can; <see cref="ReplicaId.None"/> for no preference.</summary>
    public ReplicaId PreferredLeader
    {
        get => _core.PreferredLeader;
        set => _core.PreferredLeader = value;
    }

    /// <summary>Whether this replica may lead; a datacenter whose clock is too far off does not.</summary>
    public bool MayLead
    {
        get => _core.MayLead;
        set => _core.MayLead = value;
    }

    /// <summary>Whether this replica is the first in the order of campaigning that can be reached: it is the one to campaign at once where a leader is wanted and none is known.</summary>
    public bool CampaignsFirst { get; set; }

    /// <summary>Whether the group is not yet what it should be: its leader does not fall asleep before. A group that did would keep a member that is gone until somebody uses it.</summary>
    public bool IsChangingMembers { get; set; }

    /// <summary>Replicas that are known to be down: hibernation does not wait for them.</summary>
    public IReadOnlyCollection<ReplicaId> Unreachable { get; set; } = [];

    /// <summary>What writes are refused with before they are proposed, such as <see cref="WriteStatus.DiskFull"/>; null while they are taken. Deletes are always taken:
    /// they make room.</summary>
    public WriteStatus? RefusesWritesWith { get; set; }

    /// <summary>How many ticks may pass before one must be delivered, as of the last flush and if nothing else comes in; at least 1.</summary>
    public int TicksUntilDue => PendingRequests > 0 || (_core.Role == RaftRole.Leader && WakeAt is not null) ? 1 : _core.TicksUntilDue;

    /// <summary>Whether <see cref="Flush"/> would have something to do.</summary>
    public bool HasWork => _core.HasReady || !Effects.IsEmpty || _unproposed.Count > 0 || _unasked.Count > 0;

    /// <summary>Counts ticks that went by without being delivered, before any other input that came after them.</summary>
    public void PassTicks(int count) => _core.PassTicks(count);

    /// <summary>Takes the passage of one tick; after a pause one, never the missed ones.</summary>
    public void Tick(ReplicaTime time)
    {
        Observe(time);

        // First: a heartbeat that the same tick sends, and that comes after the handshake, would wake the members again.
        HibernateIfIdle();
        _core.Tick(time.Now);
        HandOverIfStalled();
        ExpireRequests();
        AdvanceTimeIfDue();
    }

    /// <summary>Takes a message of another replica in.</summary>
    /// <param name="time">The time.</param>
    /// <param name="message">A message of this group, checked for damage. One of type <see cref="RaftMessageType.InstallSnapshot"/> goes to <see cref="ReceiveSnapshot"/>.</param>
    public void Receive(ReplicaTime time, in RaftMessage message)
    {
        Invariant.Check(message.Type != RaftMessageType.InstallSnapshot, "a snapshot needs its state");
        Observe(time);
        _core.Step(time.Now, message);
    }

    /// <summary>Tells the leader that messages to a replica may have been lost.</summary>
    public void ReportUnreachable(ReplicaTime time, ReplicaId peer)
    {
        Observe(time);
        _core.ReportUnreachable(time.Now, peer);
    }

    /// <summary>Tells that the link to a replica broke. If that one leads, the first replica in the order of campaigning that can be reached follows it as soon as the votes that
    /// were promised to it are free; the others wait for their turn.</summary>
    public void ReportLost(ReplicaTime time, ReplicaId peer)
    {
        ReportUnreachable(time, peer);
        if (_core.Leader != peer || _core.Role != RaftRole.Follower || _core.Hibernation != HibernationPhase.Awake)
        {
            return;
        }

        if (CampaignsFirst)
        {
            _core.Campaign(time.Now);
        }
        else
        {
            _core.SuspectLeader(time.Now);
        }
    }

    /// <summary>Asks that another replica shall lead.</summary>
    public void TransferLeadership(ReplicaTime time, ReplicaId target)
    {
        Observe(time);
        _core.TransferLeadership(time.Now, target);
    }

    /// <summary>Whether a member holds nearly everything that is committed, so that making it a voter would not stop the bucket. False where this replica does not lead.</summary>
    public bool IsCaughtUp(ReplicaId member) =>
        _core.MatchIndexOf(member) is { } match && match != LogIndex.None && match.Value + MaxCaughtUpLag >= _core.CommitIndex.Value;

    /// <summary>Proposes a change of the members; a result comes with the next configuration in <see cref="Status"/>, or never.</summary>
    public ProposeResult ProposeConfigChange(ReplicaTime time, ConfigChange change)
    {
        Observe(time);
        return _core.ProposeConfigChange(time.Now, change);
    }

    private void Observe(ReplicaTime time) => _time = time;
}
