using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;
using OrleansStore.Consensus.Reads;

namespace OrleansStore.Consensus.Tests.Simulation;

/// <summary>A group of replicas in virtual time, with a network, clients and faults, all drawn from one seed.</summary>
internal sealed class SimGroup
{
    private readonly PriorityQueue<(SimNode? Owner, Action Act), (long Ticks, long Order)> _events = new();
    private readonly SplitMix64 _random;
    private readonly bool _delaysCommitNotices;
    private readonly SimFaults _faults;
    private readonly SimChecker _checker = new();
    private readonly SortedDictionary<ulong, SimNode> _nodes = [];
    private readonly HashSet<(ReplicaId, ReplicaId)> _cut = [];
    private readonly SortedDictionary<string, int> _reached = new(StringComparer.Ordinal);
    private long _order;
    private ulong _nextCommand = 1;
    private bool _isHostile = true;

    public SimGroup(ulong seed)
    {
        _random = new SplitMix64(seed);
        _delaysCommitNotices = seed % 4 != 0;
        _faults = SimFaults.Draw(_random);
        var ids = Enumerable.Range(1, _faults.Replicas).Select(i => new ReplicaId((ulong)i)).ToArray();
        var config = GroupConfig.Create(ids);
        foreach (var id in ids)
        {
            AddNode(id, config);
        }

        // Replicas that are no members yet: membership changes bring them in.
        if (_faults.ChangesMembers)
        {
            AddNode(new ReplicaId(8), config);
            AddNode(new ReplicaId(9), config);
        }
    }

    public TimeSpan Time { get; private set; }

    /// <summary>Snapshots that have arrived at a replica and are not installed.</summary>
    public Dictionary<(ReplicaId, ulong), SimSnapshot> Staged { get; } = [];

    public IReadOnlyDictionary<string, int> RareStates => _reached;

    public ulong EventHash { get; private set; } = 14695981039346656037UL;

    public int CommandsAcknowledged => _checker.Acknowledged;

    /// <summary>Runs under faults, then heals everything and expects the group to work again.</summary>
    public void Run(TimeSpan hostile)
    {
        foreach (var node in _nodes.Values)
        {
            node.Start();
            Recur(TimeSpan.FromMilliseconds(50), node.Tick, node);
        }

        Recur(TimeSpan.FromMilliseconds(20), ActAsClient);
        ScheduleFault();
        RunUntil(hostile);
        Heal();
        RunUntil(hostile + TimeSpan.FromSeconds(15));
        CheckLiveness();
    }

    public void Reached(string state) => _reached[state] = _reached.GetValueOrDefault(state) + 1;

    public TimeSpan FsyncTime() => TimeSpan.FromMilliseconds(_random.Next(_faults.MaxFsyncMs));

    public void After(TimeSpan delay, Action act, SimNode? owner = null) =>
        _events.Enqueue((owner, act), ((Time + delay).Ticks, _order++));

    public void Send(SimNode from, RaftMessage message)
    {
        Mix((ulong)message.Type, message.From.Value, message.To.Value, message.Term.Value, message.Index.Value);
        var isLost = !_nodes.TryGetValue(message.To.Value, out var to) || _cut.Contains((message.From, message.To))
            || (_isHostile && _random.Next(1000) < _faults.LossPerMille);
        if (message.Type == RaftMessageType.InstallSnapshot)
        {
            // A driver learns how streaming a snapshot ended; what the receiver does with it afterwards it does not learn.
            var (term, peer) = (message.Term, message.To);
            After(TimeSpan.FromMilliseconds(_faults.MaxDelayMs + 50), () => ReportSnapshot(from, term, peer, !isLost), from);
        }

        if (isLost)
        {
            return;
        }

        var copies = _isHostile && _random.Next(1000) < _faults.DuplicatePerMille ? 2 : 1;
        var snapshot = message.Snapshot is null ? null : from.Disk.Snapshot;
        if (snapshot is not null && snapshot.Handle != message.Snapshot!.Handle)
        {
            // The driver took a newer one meanwhile: what it streams is what it has.
            message = message with { Snapshot = from.Disk.Latest };
        }

        for (; copies > 0; copies--)
        {
            After(TimeSpan.FromMilliseconds(1 + _random.Next(_faults.MaxDelayMs)), () => to!.Receive(message, snapshot), to);
        }
    }

    private static void ReportSnapshot(SimNode from, Term term, ReplicaId peer, bool isDelivered)
    {
        if (from.Core?.Term == term)
        {
            from.Act(core => core.ReportSnapshot(from.Now, peer, isDelivered));
        }
    }

    public void Observe(SimNode node, RaftCore core)
    {
        Mix(node.Id.Value, core.Term.Value, (ulong)core.Role, core.CommitIndex.Value, core.LastEntry.Index.Value);
        _checker.CheckRole(core);
        _checker.CheckCommitIsDurable(core, _nodes.Values);
    }

    public void CheckApplied(SimNode node, Entry entry) => _checker.CheckApplied(node, entry);

    public void CompleteRead(SimNode node, ReadState read)
    {
        Reached("ReadIndex answered");
        _checker.CheckRead(node, read);
    }

    private void AddNode(ReplicaId id, GroupConfig config)
    {
        var options = new RaftOptions
        {
            Id = id,
            Priority = (int)id.Value % 4,
            DelayCommitNotices = _delaysCommitNotices,
            MaxInflightMessages = 4,
            MaxAppendBytes = 200,
            MaxInflightBytes = 600,
            MaxUncommittedBytes = 80,
            MaxApplyingBytes = 300,
        };
        var clock = new SimClock(_random.Next(1_000_000), _random.Next((2 * _faults.DriftPerMille) + 1) - _faults.DriftPerMille);
        _nodes[id.Value] = new SimNode(this, options, config, clock, _random.Fork());
    }

    private void RunUntil(TimeSpan end)
    {
        while (_events.TryPeek(out _, out var next) && next.Ticks <= end.Ticks)
        {
            var (owner, act) = _events.Dequeue();
            Time = new TimeSpan(next.Ticks);
            if (owner is { IsPaused: true })
            {
                // A stopped process finds everything that happened meanwhile when it goes on.
                After(TimeSpan.FromMilliseconds(25), act, owner);
            }
            else
            {
                act();
            }
        }
    }

    private void Recur(TimeSpan period, Action act, SimNode? owner = null)
    {
        After(period, () =>
        {
            act();
            Recur(period, act, owner);
        }, owner);
    }

    private SimNode AnyNode() => _nodes.Values.ElementAt(_random.Next(_nodes.Count));

    private void ActAsClient()
    {
        var node = AnyNode();
        if (!node.IsUp || node.IsPaused)
        {
            return;
        }

        switch (_random.Next(4))
        {
            case 0:
                var request = _checker.BeginRead();
                node.Act(core => core.ReadIndex(node.Now, request));
                break;
            case 1 when node.Core is not null:
                var floor = _checker.HighestAcknowledged;
                node.Act(core =>
                {
                    if (core.HasLeaseForReads(node.Now))
                    {
                        Reached("lease read");
                        SimChecker.CheckLeaseRead(core, floor);
                    }
                });
                break;
            default:
                Propose(node);
                break;
        }
    }

    private void Propose(SimNode node)
    {
        var command = _nextCommand++;
        node.Act(core =>
        {
            var result = core.Propose(node.Now, SimNode.Encode(command));
            if (result.Status == ProposeStatus.Appended)
            {
                _checker.Proposed(node.Id, result.FirstEntry, command);
            }
            else
            {
                Reached($"proposal {result.Status}");
            }
        });
    }

    private void ScheduleFault() => After(TimeSpan.FromMilliseconds(1 + _random.Next(2 * _faults.FaultEveryMs)), () =>
    {
        if (_isHostile)
        {
            InjectFault(AnyNode());
            ScheduleFault();
        }
    });

    private void InjectFault(SimNode node)
    {
        switch (_random.Next(10))
        {
            case 0 when node.IsUp:
                node.Crash();
                After(TimeSpan.FromMilliseconds(_random.Next(3_000)), () => Restart(node));
                break;
            case 1 when node.IsUp && !node.IsPaused:
                node.IsPaused = true;
                After(TimeSpan.FromMilliseconds(_random.Next(3_000)), () => node.IsPaused = false);
                break;
            case 2:
                Isolate(node, _random.Next(2) == 0);
                break;
            case 3:
                var other = AnyNode();
                _cut.Add((node.Id, other.Id));
                After(TimeSpan.FromMilliseconds(_random.Next(3_000)), () => _cut.Remove((node.Id, other.Id)));
                break;
            case 4:
                node.Act(core => core.TransferLeadership(node.Now, AnyNode().Id));
                break;
            case 5 or 6:
                Hibernate();
                break;
            case 7 when _faults.ChangesMembers:
                ChangeMembers();
                break;
            case 8 when node.Core is not null:
                node.Act(core => core.SuspectLeader(node.Now));
                break;
            default:
                node.Compact();
                break;
        }
    }

    private static void Restart(SimNode node)
    {
        if (!node.IsUp)
        {
            node.Start();
        }
    }

    private void Isolate(SimNode node, bool oneWay)
    {
        foreach (var other in _nodes.Values)
        {
            _cut.Add((node.Id, other.Id));
            if (!oneWay)
            {
                _cut.Add((other.Id, node.Id));
            }
        }

        After(TimeSpan.FromMilliseconds(_random.Next(4_000)), () => _cut.RemoveWhere(pair => pair.Item1 == node.Id || pair.Item2 == node.Id));
    }

    private void Hibernate()
    {
        foreach (var node in _nodes.Values.Where(node => node.Core is { Role: RaftRole.Leader } && !node.IsPaused))
        {
            var unreachable = _nodes.Values.Where(other => !other.IsUp).Select(other => other.Id).ToArray();
            node.Act(core =>
            {
                if (core.TryHibernate(node.Now, unreachable))
                {
                    Reached("hibernation begun");
                }
            });
        }
    }

    private void ChangeMembers()
    {
        foreach (var node in _nodes.Values.Where(node => node.Core is { Role: RaftRole.Leader } && !node.IsPaused))
        {
            var config = node.Core!.Config;
            var target = AnyNode().Id;
            var second = AnyNode().Id;
            ConfigChange change = config.IsJoint
                ? ConfigChange.LeaveJoint
                : new ConfigChange(
                    (ConfigTransition)(1 + _random.Next(3)),
                    [DrawChange(config, target), .. target != second && _random.Next(2) == 0 ? [DrawChange(config, second)] : Array.Empty<MemberChange>()]);
            node.Act(core => Reached($"membership {core.ProposeConfigChange(node.Now, change).Status}"));
        }
    }

    private MemberChange DrawChange(GroupConfig config, ReplicaId id)
    {
        // Groups stay large enough that the faults of a run seldom stop them for good.
        var type = config.IsVoter(id) && config.Voters.Length > 3
            ? (ConfigChangeType)(2 + _random.Next(2))
            : (ConfigChangeType)(1 + (config.IsVoter(id) ? 0 : _random.Next(2)));
        return new MemberChange(type, id);
    }

    private void Heal()
    {
        _isHostile = false;
        _cut.Clear();
        foreach (var node in _nodes.Values)
        {
            node.IsPaused = false;
            Restart(node);
        }
    }

    private void CheckLiveness()
    {
        var leader = _nodes.Values.SingleOrDefault(node => node.Core is { Role: RaftRole.Leader } core && core.Term == _nodes.Values.Max(other => other.Core?.Term ?? Term.None))
            ?? throw new SimulationViolationException("no leader 15 s after everything was healed");
        if (leader.Core!.Config.IsJoint && leader.Core.Config.AutoLeave)
        {
            throw new SimulationViolationException("the joint configuration was not left");
        }

        foreach (var node in _nodes.Values.Where(node => leader.Core.Config.IsMember(node.Id)))
        {
            if (leader.AppliedIndex.Value - Math.Min(node.AppliedIndex.Value, leader.AppliedIndex.Value) > 60)
            {
                throw new SimulationViolationException($"replica {node.Id} is at {node.AppliedIndex}, the leader at {leader.AppliedIndex}: it did not catch up");
            }
        }

        if (leader.Core.CommitIndex.Value + 60 < leader.Core.LastEntry.Index.Value)
        {
            throw new SimulationViolationException($"the leader commits nothing: commit={leader.Core.CommitIndex} last={leader.Core.LastEntry}");
        }

        _checker.CheckNothingLost(leader);
    }

    private void Mix(params ReadOnlySpan<ulong> values)
    {
        foreach (var value in values)
        {
            EventHash = unchecked((EventHash ^ value) * 1099511628211UL);
        }

        EventHash = unchecked((EventHash ^ (ulong)Time.Ticks) * 1099511628211UL);
    }
}
