using OrleansStore.Buckets.Replicas;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;
using OrleansStore.Storage;

namespace OrleansStore.Service.Replicas;

/// <summary>One bucket in this process: its mailbox, and its replica while that is in memory. It performs the effects that the replica asks for.</summary>
/// <remarks>Inputs may come from any thread; they are processed one turn at a time on the silo's scheduler, as many per turn as have come.</remarks>
internal sealed partial class BucketHost : IThreadPoolWorkItem
{
    // More inputs than this wait for the next turn, so that one busy bucket does not hold a thread for long.
    private const int MaxInputsPerTurn = 1024;

    private readonly BucketSilo _silo;
    private readonly Mailbox _mailbox = new();
    private readonly Dictionary<ulong, Action<BucketReply>> _replies = [];

    // Writes that storage had no room for, in order. Invariant: while there is one, later ones queue up behind it.
    private readonly Queue<ReplicaWrite> _blockedWrites = new();

    // 1 while a turn is under way or will be: whoever sets it owns everything here but the mailbox.
    private int _isTurn;
    private int _isTickQueued;

    // Ticks that passed since the replica last heard of any, and how many may: the silo's pass over its buckets looks only here.
    private int _ticksPassed;
    private int _ticksUntilDue = 1;
    private int _requestsQueued;

    // Where heartbeats of the present turn are collected; null where they leave on their own.
    private HeartbeatBatch? _batch;

    // The heartbeat that the present turn takes in.
    private RaftMessage _heartbeat;

    // What the replica was told of the outside last, and for which members. Invariant: equal references mean that there is nothing to tell.
    private Surroundings? _seen;
    private GroupConfig? _seenConfig;

    // The members that were found to be as they should be, given what was seen then.
    private GroupConfig? _settledConfig;
    private ulong _lastToken;
    private BucketReplica? _replica;
    private volatile StatusSnapshot? _lastStatus;
    private IReplicaLog? _log;

    // Whether this activation may speak. Invariant: not null while a replica is in memory.
    private IReplicaClaim? _claim;
    private MonotonicTime? _promisedUntil;

    public BucketHost(BucketSilo silo, BucketId bucket)
    {
        _silo = silo;
        Bucket = bucket;
        Id = silo.Members.Current(silo.Local);
    }

    public BucketId Bucket { get; }

    public ReplicaId Id { get; }

    public HostState State { get; private set; } = HostState.Inactive;

    /// <summary>What the replica knew of itself at the end of its last turn; null before its first activation.</summary>
    public ReplicaStatus? LastStatus => _lastStatus?.Value;

    /// <summary>Requests in the mailbox.</summary>
    public int QueuedRequests => Volatile.Read(ref _requestsQueued);

    /// <summary>Why the bucket failed; null while it has not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>When the bucket wants to be woken; null for never. As of the end of its last turn.</summary>
    public WallTime? WakeAt { get; private set; }

    /// <summary>The state as it is; null while the replica is not in memory. Only between turns: on the one thread of a simulation.</summary>
    public BucketView? TakeView() => State == HostState.Active ? _replica?.State.TakeView() : null;

    /// <summary>When the lease of the replica ends; null where it holds none, or may not speak. Only between turns, like <see cref="TakeView"/>.</summary>
    public MonotonicTime? LeaseEnd() => MaySpeak ? _replica?.LeaseEndAt(_silo.Now) : null;

    /// <summary>Puts an input into the mailbox.</summary>
    public void Post(HostInput input)
    {
        _mailbox.Add(input);
        Schedule();
    }

    /// <summary>Puts an input into the mailbox and leaves it to a group to start the turn that it calls for.</summary>
    public void Post(HostInput input, TurnGroup group)
    {
        _mailbox.Add(input);
        if (TryBeginTurn(batch: null))
        {
            group.Add(this);
        }
    }

    /// <summary>Takes the turn that has begun.</summary>
    void IThreadPoolWorkItem.Execute() => TakeTurn(static host => host.ProcessInputs());

    /// <summary>Takes a tick in, here and now unless a turn is under way: one thread that goes through thousands of idle buckets costs less than a turn for each.</summary>
    /// <param name="batch">Takes the heartbeats that are due.</param>
    public void Tick(HeartbeatBatch batch)
    {
        if (Interlocked.Increment(ref _ticksPassed) < Volatile.Read(ref _ticksUntilDue) && ReferenceEquals(_seen, _silo.Surroundings))
        {
            return;
        }

        // This one is delivered.
        Interlocked.Decrement(ref _ticksPassed);
        if (!TryBeginTurn(batch))
        {
            // After a pause one tick is delivered, never a burst.
            if (Interlocked.Exchange(ref _isTickQueued, 1) == 0)
            {
                Post(HostInput.Tick.Instance);
            }

            return;
        }

        TakeTurn(static host => host.ProcessTick());
    }

    /// <summary>Takes a heartbeat, or the answer to one, in: here and now unless a turn is under way or the replica is not in memory.</summary>
    /// <param name="message">The heartbeat.</param>
    /// <param name="batch">Takes the answer.</param>
    public void Receive(in RaftMessage message, HeartbeatBatch batch)
    {
        if (State != HostState.Active || !TryBeginTurn(batch))
        {
            Post(new HostInput.Message(message));
            return;
        }

        _heartbeat = message;
        TakeTurn(static host => host.ProcessHeartbeat());
    }

    /// <summary>Puts a request into the mailbox, if there is room.</summary>
    public bool TryPost(HostInput.Request request)
    {
        // Invariant 10: the mailbox of a bucket that is slow, or being loaded, is bounded like the replica's own queue.
        if (Volatile.Read(ref _requestsQueued) >= _silo.Options.MaxPendingRequests)
        {
            return false;
        }

        Interlocked.Increment(ref _requestsQueued);
        Post(request);
        return true;
    }

    private void Schedule()
    {
        if (TryBeginTurn(batch: null))
        {
            _silo.RunTurn(this);
        }
    }

    private bool TryBeginTurn(HeartbeatBatch? batch)
    {
        var isBegun = Interlocked.Exchange(ref _isTurn, 1) == 0;
        if (isBegun)
        {
            _batch = batch;
        }

        return isBegun;
    }

    private void TakeTurn(Action<BucketHost> process)
    {
        try
        {
            PassTicks();
            process(this);
            EndTurn();
        }
        catch (Exception reason) when (State != HostState.Failed)
        {
            // The edge of the driver loop: whatever went wrong, this replica must not go on (style: our bugs stop the replica).
            Fail(reason);
        }

        // 1. The turn is given up. 2. The mailbox is looked at. Whoever adds an input adds it first and then tries for the turn, so one of both sees the other.
        Interlocked.Exchange(ref _isTurn, 0);
        if (State == HostState.Activating ? _loading is { IsCompleted: true } : !_mailbox.IsEmpty)
        {
            Schedule();
        }
    }

    private void ProcessInputs()
    {
        if (State == HostState.Activating && !TryEndActivation())
        {
            return;
        }

        for (var i = 0; i < MaxInputsPerTurn && State != HostState.Activating && _mailbox.TryPeek(out var input); i++)
        {
            if (State == HostState.Inactive && input.Wakes)
            {
                // The input stays where it is; it is processed when the replica is loaded.
                BeginActivation();
                return;
            }

            _mailbox.Drop();
            Process(input);
        }
    }

    private void ProcessTick()
    {
        if (_replica is not { } replica)
        {
            return;
        }

        var time = _silo.ReadTime();
        LookAround(replica);
        RetryBlockedWrites();

        // First: a tick may put the group to sleep.
        MoveMembers(replica, time);
        replica.Tick(time);
    }

    /// <summary>Tells the replica of the ticks that passed it over. After a pause, or a long turn, they are no more than it had time for.</summary>
    private void PassTicks()
    {
        var passed = Interlocked.Exchange(ref _ticksPassed, 0);
        if (passed > 0)
        {
            _replica?.PassTicks(Math.Min(passed, _ticksUntilDue));
        }
    }

    private void ProcessHeartbeat()
    {
        if (_replica is { } replica && MaySpeak)
        {
            replica.Receive(_silo.ReadTime(), _heartbeat);
        }
    }

    private void Process(HostInput input)
    {
        if (input is HostInput.Request request)
        {
            Interlocked.Decrement(ref _requestsQueued);
            Submit(request);
            return;
        }

        if (input is HostInput.Failed failed)
        {
            Fail(failed.Reason);
        }
        else if (input is HostInput.Tick)
        {
            // Also where the replica is gone by now: else no later activation would be given a tick while it is busy.
            Volatile.Write(ref _isTickQueued, 0);
        }

        if (input is HostInput.Leave leave)
        {
            Leave();
            leave.Done.TrySetResult();
        }

        if (_replica is not { } replica)
        {
            return;
        }

        var time = _silo.ReadTime();
        switch (input)
        {
            case HostInput.Message message when message.Content.To == Id:
                // Who may not speak does not listen either: what comes may be meant for the activation that took over, and speak of what that one has acknowledged.
                if (MaySpeak)
                {
                    replica.Receive(time, message.Content);
                }

                break;
            case HostInput.Tick:
                ProcessTick();
                break;
            case HostInput.Completed { Completion: var completion }:
                Complete(replica, time, completion);
                break;
            case HostInput.Fenced fenced when fenced.Writer == _log!.Writer:
                GiveWay(new StoreException(ErrorCode.WriterFenced, $"A newer writer of bucket {Bucket} was opened elsewhere."));
                break;
            case HostInput.Capacity:
                RetryBlockedWrites();
                break;
            case HostInput.Due:
                replica.Wake(time);
                break;
            case HostInput.Resign when replica.Status.Role == RaftRole.Leader && _silo.SuccessorFor(Bucket) is { } successor:
                replica.MayLead = false;
                replica.TransferLeadership(time, successor);
                break;
            case HostInput.PeerLost lost:
                LookAround(replica);
                ReportLost(replica, time, lost.Datacenter);
                break;
            default:
                ProcessSnapshot(replica, time, input);
                break;
        }
    }

    private void Submit(HostInput.Request request)
    {
        if (_replica is not { } replica || !MaySpeak)
        {
            request.Reply(Refusals.Unavailable(request.Content));
            return;
        }

        var token = ++_lastToken;
        _replies.Add(token, request.Reply);
        replica.Submit(_silo.ReadTime(), token, request.Content);
    }

    private void Complete(BucketReplica replica, ReplicaTime time, AppendCompletion completion)
    {
        // Completions of an earlier activation belong to a replica that is gone.
        if (completion.Writer != _log!.Writer)
        {
            return;
        }

        if (completion.Failure is { } failure)
        {
            GiveWay(failure);
            return;
        }

        replica.CompleteWrite(time, completion.Token);
    }

    private static void ReportLost(BucketReplica replica, ReplicaTime time, DatacenterId datacenter)
    {
        foreach (var member in replica.Status.Config.Members())
        {
            if (member.Datacenter == datacenter.Value)
            {
                replica.ReportLost(time, member);
            }
        }
    }

    /// <summary>Tells the replica what has changed around it.</summary>
    private void LookAround(BucketReplica replica)
    {
        var (around, config) = (_silo.Surroundings, replica.Config);
        if (ReferenceEquals(around, _seen) && ReferenceEquals(config, _seenConfig))
        {
            return;
        }

        (_seen, _seenConfig, _settledConfig) = (around, config, null);
        replica.RefusesWritesWith = around.RefusesWritesWith;
        replica.MayLead = around.MayLead;
        replica.PreferredLeader = around.Current(_silo.Placement.PrimaryOf(Bucket));
        replica.CampaignsFirst = CampaignsFirst(around);
        var unreachable = new List<ReplicaId>();
        foreach (var member in config.Members())
        {
            var datacenter = new DatacenterId(member.Datacenter);

            // An incarnation that is gone will never answer again.
            if (!around.IsReachable(datacenter) || around.Current(datacenter) != member)
            {
                unreachable.Add(member);
            }
        }

        replica.Unreachable = unreachable;
    }

    /// <summary>Whether no datacenter before this one in ring order can be reached: then it is this one's turn to campaign.</summary>
    private bool CampaignsFirst(Surroundings around)
    {
        foreach (var datacenter in _silo.Placement.DatacentersOf(Bucket))
        {
            if (datacenter == _silo.Local)
            {
                return true;
            }

            if (around.IsReachable(datacenter))
            {
                return false;
            }
        }

        return false;
    }

    private void MoveMembers(BucketReplica replica, ReplicaTime time)
    {
        var config = replica.Config;
        if (ReferenceEquals(config, _settledConfig) || !replica.IsAwakeLeader)
        {
            return;
        }

        var wanted = _silo.Placement.DatacentersOf(Bucket);
        var change = MembershipStep.Next(config, wanted, _seen!, learner => replica.IsCaughtUp(learner));
        if (change is not null)
        {
            replica.ProposeConfigChange(time, change);
        }

        replica.IsChangingMembers = !MembershipStep.IsSettled(config, wanted, _seen!);
        if (!replica.IsChangingMembers)
        {
            _settledConfig = config;
        }
    }

    private void Fail(Exception reason)
    {
        if (State == HostState.Failed)
        {
            return;
        }

        // Invariant 8 and style: a replica that failed neither votes nor serves until the process is restarted.
        State = HostState.Failed;
        Failure = reason;
        _replica = null;
        _claim = null;
        _log?.Close();
        _blockedWrites.Clear();
        LoseReplies();
        _silo.OnHostFailed(this, reason);
        LeaveActivation();
    }

    private void LoseReplies()
    {
        foreach (var (token, reply) in _replies)
        {
            // What was proposed may be committed by the others.
            reply(new BucketReply(token));
        }

        _replies.Clear();
    }

    // A reference can be read while it is replaced; a status is several words.
    private sealed record StatusSnapshot(ReplicaStatus Value);
}
