using System.Collections.Concurrent;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;
using OrleansStore.Storage;

namespace OrleansStore.Service.Replicas;

/// <summary>One bucket in this process: its mailbox, and its replica while that is in memory. It performs the effects that the replica asks for.</summary>
/// <remarks>Inputs may come from any thread; they are processed one turn at a time on the silo's scheduler, as many per turn as have come.</remarks>
internal sealed partial class BucketHost
{
    // More inputs than this wait for the next turn, so that one busy bucket does not hold a thread for long.
    private const int MaxInputsPerTurn = 1024;

    private readonly BucketSilo _silo;
    private readonly ConcurrentQueue<HostInput> _mailbox = new();
    private readonly Dictionary<ulong, Action<BucketReply>> _replies = [];

    // Writes that storage had no room for, in order. Invariant: while there is one, later ones queue up behind it.
    private readonly Queue<ReplicaWrite> _blockedWrites = new();
    private int _isScheduled;
    private int _requestsQueued;
    private ulong _lastToken;
    private BucketReplica? _replica;
    private IReplicaLog? _log;
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
    public ReplicaStatus? LastStatus { get; private set; }

    /// <summary>Why the bucket failed; null while it has not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>When the bucket wants to be woken; null for never. As of the end of its last turn.</summary>
    public WallTime? WakeAt { get; private set; }

    /// <summary>The state as it is; null while the replica is not in memory. Only between turns: on the one thread of a simulation.</summary>
    public BucketView? TakeView() => State == HostState.Active ? _replica?.State.TakeView() : null;

    /// <summary>Puts an input into the mailbox.</summary>
    public void Post(HostInput input)
    {
        _mailbox.Enqueue(input);
        Schedule();
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
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            _silo.Run(TakeTurn);
        }
    }

    private void TakeTurn()
    {
        try
        {
            ProcessInputs();
        }
        catch (Exception reason) when (State != HostState.Failed)
        {
            // The edge of the driver loop: whatever went wrong, this replica must not go on (style: our bugs stop the replica).
            Fail(reason);
        }

        Volatile.Write(ref _isScheduled, 0);
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

            _mailbox.TryDequeue(out _);
            Process(input);
        }

        EndTurn();
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

        if (_replica is not { } replica)
        {
            return;
        }

        var time = _silo.ReadTime();
        switch (input)
        {
            case HostInput.Message message when message.Content.To == Id:
                replica.Receive(time, message.Content);
                break;
            case HostInput.Tick:
                ObserveEnvironment(replica);
                replica.Tick(time);
                MoveMembers(replica, time);
                break;
            case HostInput.Completed { Completion: var completion }:
                Complete(replica, time, completion);
                break;
            case HostInput.Capacity:
                RetryBlockedWrites();
                break;
            case HostInput.Due:
                replica.Wake(time, MayCampaign());
                break;
            case HostInput.Resign when replica.Status.Role == RaftRole.Leader && _silo.SuccessorFor(Bucket) is { } successor:
                replica.MayLead = false;
                replica.TransferLeadership(time, successor);
                break;
            case HostInput.PeerLost lost:
                ReportLost(replica, time, lost.Datacenter);
                break;
            default:
                ProcessSnapshot(replica, time, input);
                break;
        }
    }

    private void Submit(HostInput.Request request)
    {
        if (_replica is not { } replica)
        {
            request.Reply(Refusals.Unavailable(request.Content));
            return;
        }

        var token = ++_lastToken;
        _replies.Add(token, request.Reply);
        replica.Submit(_silo.ReadTime(), token, request.Content, MayCampaign());
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
            Fail(failure);
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
                replica.ReportUnreachable(time, member);
            }
        }
    }

    private void ObserveEnvironment(BucketReplica replica)
    {
        replica.RefusesWritesWith = _silo.RefusesWritesWith;
        replica.MayLead = _silo.MayLead;
        replica.PreferredLeader = _silo.Members.Current(_silo.Placement.PrimaryOf(Bucket));
        var unreachable = new List<ReplicaId>();
        foreach (var member in replica.Status.Config.Members())
        {
            var datacenter = new DatacenterId(member.Datacenter);

            // An incarnation that is gone will never answer again.
            if (!_silo.IsReachable(datacenter) || _silo.Members.Current(datacenter) != member)
            {
                unreachable.Add(member);
            }
        }

        replica.Unreachable = unreachable;
        RetryBlockedWrites();
    }

    /// <summary>Whether no datacenter before this one in ring order can be reached: then it is this one's turn to campaign.</summary>
    private bool MayCampaign()
    {
        foreach (var datacenter in _silo.Placement.DatacentersOf(Bucket))
        {
            if (datacenter == _silo.Local)
            {
                return true;
            }

            if (_silo.IsReachable(datacenter))
            {
                return false;
            }
        }

        return false;
    }

    private void MoveMembers(BucketReplica replica, ReplicaTime time)
    {
        var status = replica.Status;
        if (status.Role != RaftRole.Leader || status.Hibernation != HibernationPhase.Awake)
        {
            return;
        }

        var change = MembershipStep.Next(
            status.Config, _silo.Placement.DatacentersOf(Bucket).ToArray(), _silo.Members, learner => replica.IsCaughtUp(learner));
        if (change is not null)
        {
            replica.ProposeConfigChange(time, change);
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
        _log?.Close();
        _blockedWrites.Clear();
        foreach (var (token, reply) in _replies)
        {
            // What was proposed may be committed by the others.
            reply(new BucketReply(token));
        }

        _replies.Clear();
        _silo.OnHostFailed(this, reason);
    }
}
