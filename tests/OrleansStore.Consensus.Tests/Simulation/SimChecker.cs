using System.Buffers.Binary;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Reads;

namespace OrleansStore.Consensus.Tests.Simulation;

/// <summary>Watches a run from outside, with knowledge that no replica has.</summary>
internal sealed class SimChecker
{
    private readonly Dictionary<Term, ReplicaId> _leaders = [];
    private readonly List<Entry> _applied = [];
    private readonly Dictionary<(EntryId, ulong Command), ReplicaId> _proposed = [];
    private readonly HashSet<ulong> _acknowledged = [];
    private readonly Dictionary<ulong, LogIndex> _reads = [];
    private LogIndex _highestCommit;
    private ulong _nextRead = 1;

    public int Acknowledged => _acknowledged.Count;

    /// <summary>The last entry whose proposer was told that it is applied: every read that begins now must see it.</summary>
    public LogIndex HighestAcknowledged { get; private set; }

    /// <summary>Election safety (Raft figure 3): at most one leader per term.</summary>
    public void CheckRole(RaftCore core)
    {
        if (core.Role == RaftRole.Leader && !_leaders.TryAdd(core.Term, core.Id) && _leaders[core.Term] != core.Id)
        {
            throw new SimulationViolationException($"term {core.Term} has two leaders: {_leaders[core.Term]} and {core.Id}");
        }
    }

    /// <summary>Invariant 1: what a leader takes for committed is on the disks of a majority.</summary>
    public void CheckCommitIsDurable(RaftCore core, IReadOnlyCollection<SimNode> nodes)
    {
        if (core.Role != RaftRole.Leader || core.CommitIndex <= _highestCommit)
        {
            return;
        }

        _highestCommit = core.CommitIndex;
        var id = new EntryId(core.TermAt(core.CommitIndex)!.Value, core.CommitIndex);
        var holders = nodes.Where(node => node.Disk.Holds(id)).Select(node => node.Id).ToHashSet();

        // The quorum that committed is that of the configuration then in force; a change that commits in the same turn may follow it.
        if (!IsMajority(core.Config.Voters, holders) || (core.Config.IsJoint && !IsMajority(core.Config.VotersOutgoing, holders)))
        {
            throw new SimulationViolationException($"{id} is committed in {core.Config} but durable only on {string.Join(' ', holders)}");
        }
    }

    /// <summary>State machine safety (Raft figure 3): no two replicas apply different entries at one index.</summary>
    public void CheckApplied(SimNode node, Entry entry)
    {
        if (entry.Index != node.AppliedIndex.Next)
        {
            throw new SimulationViolationException($"replica {node.Id} applies {entry.Index} after {node.AppliedIndex}");
        }

        var position = (int)entry.Index.Value - 1;
        if (position < _applied.Count)
        {
            var first = _applied[position];
            if (first.Term != entry.Term || !first.Data.Span.SequenceEqual(entry.Data.Span))
            {
                throw new SimulationViolationException($"replica {node.Id} applies {entry.Id} where another applied {first.Id}");
            }
        }
        else
        {
            _applied.Add(entry);
        }

        // A proposer that applies its own entry tells its caller.
        if (entry.Data.Length == 8 && entry.Type == EntryType.Normal)
        {
            var command = BinaryPrimitives.ReadUInt64LittleEndian(entry.Data.Span);
            if (_proposed.TryGetValue((entry.Id, command), out var proposer) && proposer == node.Id)
            {
                _acknowledged.Add(command);
                HighestAcknowledged = entry.Index > HighestAcknowledged ? entry.Index : HighestAcknowledged;
            }
        }
    }

    public void Proposed(ReplicaId node, EntryId entry, ulong command) => _proposed[(entry, command)] = node;

    public ulong BeginRead()
    {
        _reads[_nextRead] = HighestAcknowledged;
        return _nextRead++;
    }

    /// <summary>Linearizability: a read sees what was acknowledged before it began.</summary>
    public void CheckRead(SimNode node, ReadState read)
    {
        if (read.Index < _reads[read.RequestId])
        {
            throw new SimulationViolationException($"stale ReadIndex at {node.Id}: {read.Index}, but {_reads[read.RequestId]} was acknowledged before");
        }
    }

    /// <summary>Invariant 6: a lease read sees what was acknowledged before it began, whoever acknowledged it.</summary>
    public static void CheckLeaseRead(RaftCore core, LogIndex acknowledgedBefore)
    {
        if (core.AppliedIndex < acknowledgedBefore)
        {
            throw new SimulationViolationException(
                $"stale lease read at {core.Id} in term {core.Term}: applied {core.AppliedIndex}, but {acknowledgedBefore} was acknowledged before");
        }
    }

    /// <summary>No acknowledged command is lost, and none is there twice.</summary>
    public void CheckNothingLost(SimNode leader)
    {
        // A proposal that was forwarded may be in the log twice: the network copied the message, and telling copies apart is not Raft's business.
        var applied = leader.Commands.ToHashSet();
        var appendedOnce = _proposed.Keys.Select(key => key.Command).ToHashSet();
        if (leader.Commands.Where(appendedOnce.Contains).GroupBy(command => command).FirstOrDefault(copies => copies.Count() > 1) is { } twice)
        {
            throw new SimulationViolationException($"command {twice.Key} was appended once and applied twice");
        }

        var lost = _acknowledged.Where(command => !applied.Contains(command)).Order().ToList();
        if (lost.Count > 0)
        {
            throw new SimulationViolationException($"acknowledged commands are lost: {string.Join(' ', lost)}");
        }
    }

    private static bool IsMajority(IReadOnlyCollection<ReplicaId> voters, HashSet<ReplicaId> holders) => 2 * voters.Count(holders.Contains) > voters.Count;
}
