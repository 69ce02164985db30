using OrleansStore.Buckets.History;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Buckets.Snapshots;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Verification;
using OrleansStore.Verification.Histories;
using OrleansStore.Verification.Invariants;
using OrleansStore.Verification.Linearizability;

namespace OrleansStore.Simulation;

/// <summary>Feeds the checkers with what a run shows, from outside, with knowledge that no process has.</summary>
internal sealed class SimChecks
{
    private readonly SimCluster _cluster;
    private readonly LeaderPerTermChecker _leaders;
    private readonly StateEqualityChecker _states;
    private readonly ProgressChecker _progress;
    private readonly ChangeHistoryChecker _changes;
    private readonly AtMostOnceChecker _requests;
    private readonly LogMatchingChecker _logs;
    private readonly RecoveryChecker _recovery;
    private readonly QuorumDurabilityChecker _durability;
    private readonly TruncationChecker _truncation;
    private readonly LeaseChecker _leases;
    private readonly Dictionary<(ReplicaId, BucketId), Glance> _glances = [];
    private readonly Dictionary<(ReplicaId, BucketId), long> _activations = [];
    private readonly Dictionary<BucketId, (Revision From, Revision Last)> _seenChanges = [];
    private readonly List<ChangeEvent> _page = [];

    // Who held a lease at the last look.
    private readonly Dictionary<BucketId, List<ReplicaId>> _leaseHolders = [];
    private long _appends;
    private TimeSpan _quietSince = TimeSpan.MaxValue;
    private Violation? _violation;

    // Why something stopped by itself. It counts only where no checker has found anything: a checker says more.
    private string? _failure;

    public SimChecks(SimCluster cluster)
    {
        _cluster = cluster;
        _leaders = new LeaderPerTermChecker(Report);
        _states = new StateEqualityChecker(Report);
        _progress = new ProgressChecker(Report);
        _changes = new ChangeHistoryChecker(Report);
        _requests = new AtMostOnceChecker(Report);
        _logs = new LogMatchingChecker(Report);
        _recovery = new RecoveryChecker(Report);
        _durability = new QuorumDurabilityChecker(Report);
        _truncation = new TruncationChecker(Report);
        _leases = new LeaseChecker(Report);
    }

    /// <summary>What clients asked for and were told.</summary>
    public History History { get; } = new();

    /// <summary>What contradicts itself in the history, if that is what was found.</summary>
    public Counterexample? Counterexample { get; private set; }

    public long NextAppendNumber() => ++_appends;

    /// <summary>A replica asked for a write, when <paramref name="snapshot"/> was its newest durable one.</summary>
    public void Observe(AppendQueued append, LogPosition? snapshot)
    {
        _truncation.Observe(append, snapshot);
        _logs.Observe(append);
        _recovery.Observe(append);
        _durability.Observe(append);
    }

    public void ObserveDurable(BucketId bucket, ReplicaId replica, long append)
    {
        _recovery.ObserveDurable(bucket, replica, append);
        _durability.ObserveDurable(bucket, replica, append);
    }

    public void Observe(ReplicaRecovered recovered)
    {
        var replica = (recovered.Replica, recovered.Bucket);
        _activations[replica] = _activations.GetValueOrDefault(replica) + 1;
        _logs.Observe(recovered);
        _recovery.Observe(recovered);
        _durability.Observe(recovered);
        _truncation.Observe(recovered);
    }

    /// <summary>A client was told what became of its write.</summary>
    public void ObserveAnswer(BucketId bucket, RequestId id, ulong mark, WriteResult result)
    {
        if (mark != 0 && RequestAnswered.From(bucket, mark, result) is { } answered)
        {
            _requests.Observe(answered);
        }

        if (result.Status == WriteStatus.Applied && VotersOf(bucket) is { } voters)
        {
            _durability.ObserveAcknowledged(bucket, SimMarks.Of(id), voters);
        }
    }

    /// <summary>A client was told what became of an earlier write.</summary>
    public void ObserveOutcome(BucketId bucket, ulong mark, OutcomeResult result)
    {
        if (mark != 0 && RequestAnswered.From(bucket, mark, result) is { } answered)
        {
            _requests.Observe(answered);
        }
    }

    /// <summary>Looks at all replicas between two turns.</summary>
    public void Watch()
    {
        if (_cluster.Clients.Select(client => client.Failure).FirstOrDefault(failure => failure is not null) is { } reason)
        {
            _failure ??= $"a client was thrown at: {reason}";
        }

        foreach (var datacenter in _cluster.Datacenters)
        {
            if (datacenter is { StartFailure: { } failure, IsDamageExpected: false })
            {
                NoteFailure($"dc{datacenter.Number} did not start", failure);
            }

            for (uint number = 0; number < (uint)_cluster.Placement.Topology.BucketCount.Value && datacenter.Silo is not null; number++)
            {
                Watch(datacenter, new BucketId(number));
            }
        }

        if (!_cluster.Faults.DriftIsBeyondBound)
        {
            WatchLeases();
        }

        ThrowIfViolated();
        if (_failure is { } stopped)
        {
            // What clients were told so far may say more, too.
            CheckHistory();
            throw new SimulationViolationException(stopped);
        }
    }

    /// <summary>After everything was healed: the store answers, and all that was said and done fits together.</summary>
    public void CheckEnd()
    {
        Watch();
        try
        {
            CheckLiveness();
        }
        catch (SimulationViolationException)
        {
            // What clients were told says more than that they are told nothing now.
            CheckHistory();
            throw;
        }

        Watch();
        foreach (var (bucket, (from, last)) in _seenChanges)
        {
            _requests.CheckAllSeen(bucket, from, last, _ => true);
        }

        CheckHistory();
    }

    private void CheckHistory()
    {
        var history = _cluster.Faults.DriftIsBeyondBound ? [.. History.Operations.Where(RestsOnNoLease)] : History.Operations;
        RevisionOrderChecker.Check(history, _cluster.BucketOf, Report);
        ThrowIfViolated();
        var report = LinearizabilityChecker.Check(history);
        Counterexample = report.Counterexample;
        if (report.Verdict == LinearizabilityVerdict.NotLinearizable)
        {
            throw new SimulationViolationException(new Violation(VerifiedProperty.Linearizability, $"{report.Counterexample}"));
        }

        if (report.Verdict != LinearizabilityVerdict.Linearizable)
        {
            throw new SimulationViolationException($"{report.Verdict} after {report.StepsTried} steps");
        }
    }

    // Reads, and guards that fail, are answered under a lease; when all is quiet nobody holds one who does not lead.
    private bool RestsOnNoLease(ClientOperation operation) =>
        operation.Begin >= _quietSince || operation is WriteOperation { Result: null or { Status: not WriteStatus.PreconditionFailed } };

    private void Report(Violation violation) => _violation ??= violation;

    /// <summary>Takes in that something stopped by itself. Where it calls its data damaged storage did not give back what was written: whoever looks from outside knows that nobody damaged them.</summary>
    private void NoteFailure(string what, Exception reason)
    {
        if (reason is CorruptionException or { InnerException: CorruptionException })
        {
            Report(new Violation(VerifiedProperty.Recovery, $"{what}, although nobody damaged its data: {reason}"));
        }
        else
        {
            _failure ??= $"{what}: {reason}";
        }
    }

    // Violations are found within turns of production code, whose driver loops catch what is thrown there.
    private void ThrowIfViolated()
    {
        if (_violation is { } violation)
        {
            throw new SimulationViolationException(violation);
        }
    }

    private void Watch(SimDatacenter datacenter, BucketId bucket)
    {
        var silo = datacenter.Silo!;
        if (silo.FailureOf(bucket) is { } failure)
        {
            if (!datacenter.IsFailureExpected)
            {
                NoteFailure($"bucket {bucket} of dc{datacenter.Number} failed", failure);
            }

            return;
        }

        if (!silo.IsActive(bucket) || silo.StatusOf(bucket) is not { } status)
        {
            return;
        }

        var key = (datacenter.Replica, bucket);
        var last = _glances.GetValueOrDefault(key);
        var glance = new Glance(_activations.GetValueOrDefault(key), status.Role, status.Term, status.Commit, status.Applied, status.Config);
        if (glance == last)
        {
            return;
        }

        _glances[key] = glance;
        _cluster.World.Observe(bucket.Number, status.Term.Value, (ulong)status.Role, status.Commit.Value, status.Applied.Value);
        var view = silo.ViewOf(bucket);
        var revision = view?.Revision ?? Revision.None;
        _progress.Observe(new ProgressSeen(bucket, datacenter.Replica, glance.Activation, _cluster.Placement.Topology.Epoch, status.Term, status.Commit, status.Applied, revision));
        if (status.Role == RaftRole.Leader)
        {
            WatchLeader(datacenter.Replica, bucket, status, last);
        }

        if (view is not null && (status.Applied != last.Applied || glance.Activation != last.Activation))
        {
            _states.Observe(new StateSeen(bucket, datacenter.Replica, status.Applied, StateHash.Compute(view)));
            WatchChanges(datacenter.Replica, bucket, view);
        }

        _cluster.Reached(status.Config, glance.Activation, last.Role != RaftRole.Leader && status.Role == RaftRole.Leader);
    }

    /// <summary>Looks at all leases at one moment: those that ended are forgotten first, so that only leases that are held together meet.</summary>
    private void WatchLeases()
    {
        var now = _cluster.World.Time;
        var datacenters = _cluster.Datacenters;
        Span<TimeSpan> ends = stackalloc TimeSpan[datacenters.Count];
        for (uint number = 0; number < (uint)_cluster.Placement.Topology.BucketCount.Value; number++)
        {
            var bucket = new BucketId(number);
            for (var i = 0; i < ends.Length; i++)
            {
                ends[i] = datacenters[i].LeaseEndOf(bucket);
            }

            if (!_leaseHolders.TryGetValue(bucket, out var holders))
            {
                _leaseHolders.Add(bucket, holders = []);
            }

            foreach (var holder in holders)
            {
                if (!IsHeldBy(holder, ends))
                {
                    _leases.Observe(new LeaseSeen(bucket, holder, now, now));
                }
            }

            holders.Clear();
            for (var i = 0; i < ends.Length; i++)
            {
                if (ends[i] > now)
                {
                    _leases.Observe(new LeaseSeen(bucket, datacenters[i].Replica, now, ends[i]));
                    holders.Add(datacenters[i].Replica);
                }
            }
        }

        bool IsHeldBy(ReplicaId holder, ReadOnlySpan<TimeSpan> ends)
        {
            for (var i = 0; i < ends.Length; i++)
            {
                if (ends[i] > now && datacenters[i].Replica == holder)
                {
                    return true;
                }
            }

            return false;
        }
    }

    private void WatchLeader(ReplicaId replica, BucketId bucket, ReplicaStatus status, Glance last)
    {
        _leaders.Observe(new LeaderSeen(bucket, status.Term, replica, _activations.GetValueOrDefault((replica, bucket))));

        // The configuration counts under which it was committed: unless it is the one of the last glance, that may have been another one.
        if (status.Commit > last.Commit && status.Config.Equals(last.Config))
        {
            _durability.Observe(new CommitSeen(bucket, replica, status.Term, status.Commit, ToVoterSet(status.Config)));
        }
    }

    private void WatchChanges(ReplicaId replica, BucketId bucket, BucketView view)
    {
        // What was seen of another replica is read again only where this one begins, so that their contents meet.
        var seen = _seenChanges.GetValueOrDefault(bucket, (From: Revision.None.Next, Last: Revision.None));
        var from = new Revision(seen.Last.Value > 8 ? seen.Last.Value - 8 : 1);
        _page.Clear();
        var page = view.ReadHistory(from, int.MaxValue, _page);
        if (page.Status == HistoryStatus.Compacted)
        {
            from = page.Next;
            _page.Clear();
            view.ReadHistory(from, int.MaxValue, _page);
        }

        if (from > view.Revision)
        {
            return;
        }

        _changes.Observe(new ChangesSeen(
            bucket,
            replica,
            new Revision(from.Value - 1),
            view.Revision,
            [.. _page.Select(change => new ChangeContent(change.Revision, SimMarks.Hash(change.Record.Bytes.Span) ^ ((ulong)change.Kind << 56) ^ (ulong)change.Time.UnixMilliseconds))]));
        foreach (var change in _page)
        {
            if (change.Kind == ChangeKind.Put)
            {
                _requests.Observe(new EffectSeen(bucket, change.Revision, SimMarks.Of(change.Record.Value.Span)));
            }
        }

        if (view.Revision > seen.Last)
        {
            _seenChanges[bucket] = (from <= seen.Last.Next ? seen.From : from, view.Revision);
        }
    }

    /// <summary>The configuration of the leader with the highest term; null while none is seen.</summary>
    private VoterSet? VotersOf(BucketId bucket)
    {
        var leader = _cluster.Datacenters
            .Where(datacenter => datacenter.Silo?.IsActive(bucket) == true)
            .Select(datacenter => datacenter.Silo!.StatusOf(bucket))
            .Where(status => status?.Role == RaftRole.Leader)
            .MaxBy(status => status!.Value.Term);
        return leader is { } status ? ToVoterSet(status.Config) : null;
    }

    private static VoterSet ToVoterSet(GroupConfig config) => new(config.Voters, config.VotersOutgoing);

    private void CheckLiveness()
    {
        _quietSince = _cluster.World.Time;

        // Reads through every datacenter, of every key, must be answered by a healthy store.
        var reads = (
            from datacenter in _cluster.Datacenters
            from key in SimClient.Keys
            select _cluster.Clients[0].Run(() => _cluster.Clients[0].ReadAsync(datacenter.Store!, key, TimeSpan.FromSeconds(10)))).ToList();
        foreach (var read in reads)
        {
            var status = _cluster.World.Await(read, TimeSpan.FromSeconds(15));
            if (status is not (ReadStatus.Found or ReadStatus.NotFound))
            {
                throw NotAlive($"a healthy store answers a read with {status}");
            }
        }

        // The reads have woken the buckets; those that are to take in a new incarnation need some rounds.
        _cluster.World.RunUntil(_cluster.World.Time + TimeSpan.FromSeconds(5));
        CheckMembers();

        // Nobody asks for anything any more: what is awake then costs its processes for ever.
        _cluster.World.RunUntil(_cluster.World.Time + TimeSpan.FromMilliseconds(_cluster.Faults.HibernateAfterMs) + TimeSpan.FromSeconds(10));
        CheckAsleep();
    }

    /// <summary>Every bucket has gone to sleep.</summary>
    private void CheckAsleep()
    {
        foreach (var datacenter in _cluster.Datacenters)
        {
            for (uint number = 0; number < (uint)_cluster.Placement.Topology.BucketCount.Value; number++)
            {
                var bucket = new BucketId(number);
                if (datacenter.Silo is { } silo && silo.FailureOf(bucket) is null && silo.IsActive(bucket))
                {
                    throw NotAlive($"bucket {bucket} of dc{datacenter.Number} does not fall asleep");
                }
            }
        }
    }

    /// <summary>Every bucket, also one that nobody has asked for since, has taken in the incarnations that there are, and none that is gone.</summary>
    private void CheckMembers()
    {
        for (uint number = 0; number < (uint)_cluster.Placement.Topology.BucketCount.Value; number++)
        {
            var bucket = new BucketId(number);
            var wanted = _cluster.Placement.DatacentersOf(bucket).ToArray().Select(_cluster.Current).ToHashSet();
            var latest = _cluster.Datacenters.Select(datacenter => datacenter.Silo?.StatusOf(bucket)).MaxBy(status => status?.Commit);
            if (latest is { Config: var config } && (config.IsJoint || !wanted.SetEquals(config.Voters)))
            {
                throw NotAlive($"bucket {bucket} has the voters {string.Join(", ", config.Voters)} and should have {string.Join(", ", wanted)}, although nothing is wrong");
            }
        }
    }

    private static SimulationViolationException NotAlive(string what) => new(new Violation(VerifiedProperty.Liveness, what));

    private readonly record struct Glance(long Activation, RaftRole Role, Term Term, LogIndex Commit, LogIndex Applied, GroupConfig? Config);
}
