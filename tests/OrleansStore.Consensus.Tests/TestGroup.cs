using System.Text;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;
using OrleansStore.Consensus.Reads;

namespace OrleansStore.Consensus.Tests;

/// <summary>A few cores with synchronous storage and one clock; the test decides what is delivered and when time passes.</summary>
internal sealed class TestGroup
{
    private static readonly RaftOptions Defaults = new() { Id = new ReplicaId(1) };

    private readonly List<TestReplica> _replicas = [];

    public TestGroup(int count, Func<RaftOptions, RaftOptions>? change = null)
    {
        var config = GroupConfig.Create(Enumerable.Range(1, count).Select(i => new ReplicaId((ulong)i)));
        for (var i = 1; i <= count; i++)
        {
            var options = new RaftOptions { Id = new ReplicaId((ulong)i), Priority = i - 1, AsyncStorageWrites = false, DelayCommitNotices = false };
            _replicas.Add(new TestReplica(change?.Invoke(options) ?? options, new RaftStartState { Config = config }, Now).Init());
        }

        // A started replica has forgotten what it promised, so it votes only after a full lease.
        Advance(TimeSpan.FromSeconds(1));
    }

    public static TimeSpan TickInterval => Defaults.TickInterval;

    public static int HeartbeatTicks => Defaults.HeartbeatTicks;

    public MonotonicTime Now { get; private set; } = new(TimeSpan.FromSeconds(100).Ticks);

    public TestReplica this[int id] => _replicas[id - 1];

    /// <summary>Messages that were sent and neither delivered nor dropped.</summary>
    public List<RaftMessage> Sent { get; } = [];

    public TestReplica Leader => _replicas.Single(replica => replica.Core.Role == RaftRole.Leader);

    public void Advance(TimeSpan time) => Now += time;

    /// <summary>Makes <paramref name="id"/> leader and lets everything settle.</summary>
    public RaftCore Elect(int id)
    {
        this[id].Core.Campaign(Now);
        Settle();
        Assert.Equal(RaftRole.Leader, this[id].Core.Role);
        return this[id].Core;
    }

    public void Propose(int id, string data)
    {
        Assert.Equal(ProposeStatus.Appended, this[id].Core.Propose(Now, Encoding.UTF8.GetBytes(data)).Status);
        Settle();
    }

    /// <summary>Ticks the given replicas (all, if none is given), delivering after each tick.</summary>
    public void Tick(int count, params int[] ids)
    {
        for (; count > 0; count--)
        {
            Advance(TickInterval);
            foreach (var replica in _replicas.Where(replica => ids.Length == 0 || ids.Contains((int)replica.Core.Id.Value)))
            {
                replica.Core.Tick(Now);
            }

            Settle();
        }
    }

    /// <summary>Delivers until nothing is under way.</summary>
    public void Settle()
    {
        while (Collect())
        {
            DeliverSent();
        }
    }

    /// <summary>Collects what the cores have to send, without delivering it.</summary>
    public bool Collect()
    {
        foreach (var replica in _replicas)
        {
            Sent.AddRange(replica.Process(Now));
        }

        return Sent.Count > 0;
    }

    public void DeliverSent()
    {
        var messages = Sent.ToArray();
        Sent.Clear();
        foreach (var message in messages)
        {
            Deliver(message);
        }
    }

    public void Deliver(RaftMessage message)
    {
        var to = this[(int)message.To.Value];
        if (!to.IsCut && !this[(int)message.From.Value].IsCut)
        {
            to.Core.Step(Now, message);
        }
    }

    /// <summary>Takes the messages of one type out of what was sent.</summary>
    public List<RaftMessage> Take(RaftMessageType type)
    {
        var taken = Sent.Where(message => message.Type == type).ToList();
        Sent.RemoveAll(message => message.Type == type);
        return taken;
    }
}

/// <summary>A core with its storage and what came out of it.</summary>
internal sealed class TestReplica(RaftOptions options, RaftStartState state, MonotonicTime now) : ISnapshotSource
{
    private readonly Ready _ready = new();

    public RaftCore Core { get; private set; } = null!;

    public RaftSnapshot? Latest { get; set; }

    public HardState HardState { get; private set; } = state.HardState;

    public List<Entry> Log { get; } = [.. state.Entries.Span];

    public List<ReadState> Reads { get; } = [];

    public List<string> Applied { get; } = [];

    /// <summary>Nothing reaches it and nothing of it arrives.</summary>
    public bool IsCut { get; set; }

    public TestReplica Init()
    {
        Core = new RaftCore(options, state, this, new SplitMix64(options.Id.Value), now);
        return this;
    }

    /// <summary>A new process over what is durable.</summary>
    public void Restart(MonotonicTime at, MonotonicTime? promisedUntil = null)
    {
        Applied.Clear();
        Core = new RaftCore(
            options,
            new RaftStartState { HardState = HardState, Entries = Log.ToArray(), Config = state.Config, PromisedUntil = promisedUntil },
            this,
            new SplitMix64(options.Id.Value),
            at);
    }

    public IEnumerable<RaftMessage> Process(MonotonicTime at)
    {
        var messages = new List<RaftMessage>();
        while (Core.HasReady)
        {
            Core.TakeReady(_ready);
            HardState = _ready.HardState ?? HardState;
            if (!_ready.Entries.IsEmpty)
            {
                Log.RemoveAll(entry => entry.Index >= _ready.Entries.Span[0].Index);
                Log.AddRange(_ready.Entries.Span);
            }

            messages.AddRange(_ready.Messages);
            Reads.AddRange(_ready.ReadStates);
            foreach (var entry in _ready.CommittedEntries.ToArray())
            {
                if (entry.Type == EntryType.ConfigChange)
                {
                    Core.ApplyConfigChange(at, ConfigChange.Decode(entry.Data.Span));
                }
                else if (!entry.Data.IsEmpty)
                {
                    Applied.Add(Encoding.UTF8.GetString(entry.Data.Span));
                }
            }

            Core.Advance(at, _ready);
        }

        return messages;
    }
}
