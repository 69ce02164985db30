using BenchmarkDotNet.Attributes;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;

namespace OrleansStore.Benchmarks;

/// <summary>The Raft core of one bucket with three voters; storage is instant and messages go nowhere but where the benchmark says.</summary>
[MemoryDiagnoser]
public class CoreBenchmarks : ISnapshotSource
{
    private const int Rounds = 1_000;

    private static readonly ReplicaId Self = new(1);
    private static readonly ReplicaId Peer = new(2);
    private static readonly GroupConfig Config = GroupConfig.Create([Self, Peer, new ReplicaId(3)]);

    private readonly Ready _ready = new();
    private readonly byte[] _value = new byte[256];
    private MonotonicTime _now;
    private RaftCore _core = null!;

    public RaftSnapshot? Latest => null;

    [IterationSetup(Targets = [nameof(Propose), nameof(Commit)])]
    public void Lead()
    {
        Start();
        _core.Campaign(_now);
        Process();
        Answer(RaftMessageType.PreVoteResponse, _core.Term.Next, LogIndex.None);
        Answer(RaftMessageType.VoteResponse, _core.Term, LogIndex.None);
        Answer(RaftMessageType.AppendResponse, _core.Term, _core.LastEntry.Index);
        if (_core.Role != RaftRole.Leader)
        {
            throw new InvalidOperationException($"It is {_core.Role}.");
        }
    }

    [IterationSetup(Target = nameof(StepHeartbeat))]
    public void Follow() => Start();

    /// <summary>A proposal, until its append messages are there to be sent.</summary>
    [Benchmark(OperationsPerInvoke = Rounds)]
    public void Propose()
    {
        for (var i = 0; i < Rounds; i++)
        {
            _core.Propose(_now, _value);
            Process();
        }
    }

    /// <summary>A proposal that one follower acknowledges, until it is committed and applied.</summary>
    [Benchmark(OperationsPerInvoke = Rounds)]
    public void Commit()
    {
        for (var i = 0; i < Rounds; i++)
        {
            _core.Propose(_now, _value);
            Process();
            Answer(RaftMessageType.AppendResponse, _core.Term, _core.LastEntry.Index);
        }
    }

    /// <summary>A heartbeat at a follower, until its answer is there to be sent.</summary>
    [Benchmark(OperationsPerInvoke = Rounds)]
    public void StepHeartbeat()
    {
        var heartbeat = new RaftMessage { Type = RaftMessageType.Heartbeat, From = Peer, To = Self, Term = new Term(1), SentAt = _now };
        for (var i = 0; i < Rounds; i++)
        {
            _core.Step(_now, heartbeat);
            Process();
        }
    }

    private void Start()
    {
        _now = new MonotonicTime(TimeSpan.FromSeconds(100).Ticks);
        _core = new RaftCore(new RaftOptions { Id = Self, AsyncStorageWrites = false }, new RaftStartState { Config = Config }, this, new SplitMix64(1), _now);
        _now += TimeSpan.FromSeconds(10);
    }

    private void Answer(RaftMessageType type, Term term, LogIndex index)
    {
        _core.Step(_now, new RaftMessage { Type = type, From = Peer, To = Self, Term = term, Index = index, SentAt = _now });
        Process();
    }

    private void Process()
    {
        while (_core.HasReady)
        {
            _core.TakeReady(_ready);
            _core.Advance(_now, _ready);
        }
    }
}
