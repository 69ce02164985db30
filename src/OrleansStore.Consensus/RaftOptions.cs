using System.Runtime.CompilerServices;
using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus;

/// <summary>How one replica takes part in its group. All replicas of a group use the same values but for <see cref="Id"/> and <see cref="Priority"/>.</summary>
public sealed class RaftOptions
{
    /// <summary>The id of this replica; not <see cref="ReplicaId.None"/>.</summary>
    public required ReplicaId Id { get; init; }

    /// <summary>How long the driver means a tick to last; 50 ms by default. The core never measures it: it is here so that times and ticks can be compared at start.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Ticks without a leader before a replica of priority 0 may campaign; also how often a leader checks that a majority answers, and
    /// when it gives up a leadership transfer. 20 by default (1 s).</summary>
    public int ElectionTimeoutTicks { get; init; } = 20;

    /// <summary>A random number of ticks in [0, this) is added to each election timeout, so that replicas seldom campaign together (Raft section 5.2). 10 by default.</summary>
    public int ElectionJitterTicks { get; init; } = 10;

    /// <summary>Ticks between two heartbeats of a leader; 5 by default (250 ms). They renew the lease; that a whole datacenter is gone its link finds out sooner.</summary>
    public int HeartbeatTicks { get; init; } = 5;

    /// <summary>The place of this replica in the order of campaigning: 0 for the primary datacenter, then 1, 2, … in ring order.</summary>
    public int Priority { get; init; }

    /// <summary>Ticks by which each step of <see cref="Priority"/> postpones a campaign; 0 switches the order off. 6 by default.</summary>
    public int PriorityDelayTicks { get; init; } = 6;

    /// <summary>For how long a voter that hears from its leader promises to grant no other vote; 750 ms by default.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromMilliseconds(750);

    /// <summary>The part of a lease by which two monotonic clocks may drift apart during it, in (0, 1); 0.1 by default. A leader trusts its
    /// lease for this part less than the voters keep it.</summary>
    public double MaxClockDrift { get; init; } = 0.1;

    /// <summary>Bound on the entries in one append, in bytes; a single larger entry is sent alone. 256 KiB by default.</summary>
    public long MaxAppendBytes { get; init; } = 256 * 1024;

    /// <summary>Appends that may be under way to one follower; 256 by default.</summary>
    public int MaxInflightMessages { get; init; } = 256;

    /// <summary>Bytes of entries that may be under way to one follower, exceeded by one append at most; 0 means no bound. 4 MiB by default.</summary>
    public long MaxInflightBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of proposals that may wait to be applied at the leader; past it proposals are refused. A single larger one is accepted when
    /// nothing else waits. 16 MiB by default.</summary>
    public long MaxUncommittedBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of committed entries that may be handed out and not yet applied; one entry is always handed out. 4 MiB by default.</summary>
    public long MaxApplyingBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Whether storage writes while the core goes on: the driver acknowledges each <see cref="Ready"/>'s writes when they are durable instead
    /// of calling <see cref="RaftCore.Advance"/>.</summary>
    public bool AsyncStorageWrites { get; init; } = true;

    /// <summary>Whether a follower hands proposals to its leader instead of refusing them.</summary>
    public bool ForwardProposals { get; init; } = true;

    /// <summary>Whether followers learn of a commit with the next append, else at the next tick on which no proposal is under way, and with the next heartbeat at the latest, instead of by a message of its own for each. Halves the messages of a group that gets one
    /// proposal at a time; a follower's state is then that much older.</summary>
    public bool DelayCommitNotices { get; init; } = true;

    /// <summary>Whether a candidate first asks if it could win (Raft thesis, section 9.6).</summary>
    internal bool PreVote { get; init; } = true;

    /// <summary>Whether votes, and the answers to them, tell what their sender knows to be committed.</summary>
    internal bool VotesTellCommit { get; init; } = true;

    /// <summary>Whether a leader that does not hear from a majority steps down (Raft thesis, section 6.2).</summary>
    internal bool CheckQuorum { get; init; } = true;

    /// <summary>What lease reads rest on.</summary>
    internal LeasePolicy Lease { get; init; } = LeasePolicy.Promise;

    /// <summary>Whether a leader refuses configuration changes that do not fit.</summary>
    internal bool ValidateConfigChanges { get; init; } = true;

    /// <summary>Whether a leader steps down when it applies a configuration in which it is no voter.</summary>
    internal bool StepDownOnRemoval { get; init; } = true;

    /// <summary>How long a leader trusts its own lease: <see cref="LeaseDuration"/> less the drift.</summary>
    public TimeSpan TrustedLeaseDuration => LeaseDuration * (1 - MaxClockDrift);

    /// <summary>Returns the same options for another replica.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="priority">Its place in the order of campaigning.</param>
    public RaftOptions ForReplica(ReplicaId id, int priority) => new()
    {
        Id = id,
        Priority = priority,
        TickInterval = TickInterval,
        ElectionTimeoutTicks = ElectionTimeoutTicks,
        ElectionJitterTicks = ElectionJitterTicks,
        HeartbeatTicks = HeartbeatTicks,
        PriorityDelayTicks = PriorityDelayTicks,
        LeaseDuration = LeaseDuration,
        MaxClockDrift = MaxClockDrift,
        MaxAppendBytes = MaxAppendBytes,
        MaxInflightMessages = MaxInflightMessages,
        MaxInflightBytes = MaxInflightBytes,
        MaxUncommittedBytes = MaxUncommittedBytes,
        MaxApplyingBytes = MaxApplyingBytes,
        AsyncStorageWrites = AsyncStorageWrites,
        ForwardProposals = ForwardProposals,
        DelayCommitNotices = DelayCommitNotices,
        PreVote = PreVote,
        VotesTellCommit = VotesTellCommit,
        CheckQuorum = CheckQuorum,
        Lease = Lease,
        ValidateConfigChanges = ValidateConfigChanges,
        StepDownOnRemoval = StepDownOnRemoval,
    };

    /// <summary>Returns all mistakes, each with the values that make it one; none if the options can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var mistakes = new List<string>();
        Require(Id != ReplicaId.None, $"Id must not be 0.");
        Require(TickInterval > TimeSpan.Zero, $"TickInterval = {TickInterval} must be above 0.");
        Require(HeartbeatTicks > 0, $"HeartbeatTicks = {HeartbeatTicks} must be above 0.");
        Require(ElectionTimeoutTicks > HeartbeatTicks, $"ElectionTimeoutTicks = {ElectionTimeoutTicks} must be above HeartbeatTicks = {HeartbeatTicks}.");
        Require(ElectionJitterTicks > 0, $"ElectionJitterTicks = {ElectionJitterTicks} must be above 0, or replicas campaign together for ever.");
        Require(Priority >= 0, $"Priority = {Priority} must not be negative.");
        Require(PriorityDelayTicks >= 0, $"PriorityDelayTicks = {PriorityDelayTicks} must not be negative.");
        Require(MaxClockDrift is > 0 and < 1, $"MaxClockDrift = {MaxClockDrift} must lie between 0 and 1.");
        Require(MaxAppendBytes > 0, $"MaxAppendBytes = {MaxAppendBytes} must be above 0.");
        Require(MaxInflightMessages > 0, $"MaxInflightMessages = {MaxInflightMessages} must be above 0.");
        Require(
            MaxInflightBytes == 0 || MaxInflightBytes >= MaxAppendBytes,
            $"MaxInflightBytes = {MaxInflightBytes} must be 0 or at least MaxAppendBytes = {MaxAppendBytes}.");
        Require(MaxUncommittedBytes > 0, $"MaxUncommittedBytes = {MaxUncommittedBytes} must be above 0.");
        Require(MaxApplyingBytes > 0, $"MaxApplyingBytes = {MaxApplyingBytes} must be above 0.");
        if (Lease == LeasePolicy.Promise)
        {
            var electionTimeout = TickInterval * ElectionTimeoutTicks;
            Require(
                LeaseDuration * (1 + MaxClockDrift) <= electionTimeout,
                $"LeaseDuration = {LeaseDuration} plus the drift of {MaxClockDrift * 100} % must not exceed the election timeout of {electionTimeout}, or voters refuse a candidate after a real failure.");
            Require(
                TickInterval * HeartbeatTicks * 2 <= TrustedLeaseDuration,
                $"HeartbeatTicks = {HeartbeatTicks} of {TickInterval} must fit twice into the trusted lease of {TrustedLeaseDuration}, or one lost heartbeat ends the lease.");
        }

        Require(Lease != LeasePolicy.QuorumCheck || CheckQuorum, $"A lease by quorum check needs the quorum check.");
        return mistakes;

        // Built only for a mistake: every replica that comes into memory checks its options.
        void Require(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] InvariantMessage mistake)
        {
            if (!condition)
            {
                mistakes.Add(mistake.ToString());
            }
        }
    }
}
