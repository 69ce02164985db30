using System.Text;
using System.Text.Json;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;
using OrleansStore.Consensus.Reads;

namespace OrleansStore.Consensus.Tests.Conformance;

/// <summary>A core with the storage and state machine that the vectors assume.</summary>
internal sealed class VectorNode : ISnapshotSource
{
    // The vectors measure in ticks only.
    public static readonly MonotonicTime Now = new(1);

    private readonly Ready _ready = new();
    private List<Entry> _stable = [];
    private RaftOptions _options = null!;

    private VectorNode(ReplicaId id) => Id = id;

    public ReplicaId Id { get; }

    public RaftCore Core { get; private set; } = null!;

    public RaftSnapshot? Latest { get; set; }

    public HardState StableHardState { get; private set; }

    public EntryId StablePrev { get; private set; }

    public IReadOnlyList<Entry> Stable => _stable;

    public List<ReadState> ReadStates { get; } = [];

    public List<string> AppliedData { get; } = [];

    /// <summary>Called with each entry that is applied, after a configuration change in it was put in force.</summary>
    public Action<Entry>? Applied { get; set; }

    public bool HasRestored { get; private set; }

    public static VectorNode Create(ReplicaId id, GroupConfig config)
    {
        var node = new VectorNode(id);
        node.Start(new RaftOptions { Id = id, Lease = LeasePolicy.None, PreVote = false, CheckQuorum = false, AsyncStorageWrites = false, DelayCommitNotices = false, VotesTellCommit = false }, LogIndex.None, config);
        return node;
    }

    public static VectorNode Create(
        ReplicaId id, EntryId prev, IEnumerable<Entry> entries, HardState hardState, LogIndex applied, GroupConfig config, RaftSnapshot? snapshot, JsonElement options, JsonElement defaults)
    {
        var node = new VectorNode(id) { StablePrev = prev, _stable = [.. entries], StableHardState = hardState, Latest = snapshot };
        node.Start(OptionsOf(id, options, defaults), applied, config);
        return node;
    }

    /// <summary>Makes a new core over the same storage.</summary>
    public void Restart(JsonElement options) => Start(OptionsOf(Id, options, default), Core.AppliedIndex, Core.Config);

    /// <summary>Takes one Ready and does all it asks for; returns the messages for others.</summary>
    public IReadOnlyList<RaftMessage> ProcessReady()
    {
        Core.TakeReady(_ready);
        Persist(_ready.HardState, _ready.Snapshot, _ready.Entries);
        ReadStates.AddRange(_ready.ReadStates);
        var messages = _ready.Messages.ToArray();
        Apply(_ready.CommittedEntries);
        Core.Advance(Now, _ready);
        return messages;
    }

    public void Persist(HardState? hardState, RaftSnapshot? snapshot, ReadOnlyMemory<Entry> entries)
    {
        StableHardState = hardState ?? StableHardState;
        if (snapshot is not null)
        {
            Latest = snapshot;
            StablePrev = snapshot.Metadata.LastEntry;
            _stable.Clear();
            HasRestored = true;
        }

        if (!entries.IsEmpty)
        {
            var keep = (int)(entries.Span[0].Index - StablePrev.Index) - 1;
            _stable.RemoveRange(keep, _stable.Count - keep);
            _stable.AddRange(entries.Span);
        }
    }

    public void Apply(ReadOnlyMemory<Entry> entries)
    {
        foreach (var entry in entries.ToArray())
        {
            if (entry.Type == EntryType.ConfigChange)
            {
                Core.ApplyConfigChange(Now, ConfigChange.Decode(entry.Data.Span));
            }
            else if (!entry.Data.IsEmpty)
            {
                AppliedData.Add(Encoding.UTF8.GetString(entry.Data.Span));
            }

            Applied?.Invoke(entry);
        }
    }

    public void Compact(LogIndex last)
    {
        Core.Compact(last);
        var count = (int)(last - StablePrev.Index);
        StablePrev = _stable[count - 1].Id;
        _stable.RemoveRange(0, count);
    }

    private static RaftOptions OptionsOf(ReplicaId id, JsonElement options, JsonElement defaults)
    {
        var electionTick = options.Int("election_tick", defaults.Int("election_tick", 10));
        var inflight = options.Int("max_inflight_messages");
        var applying = options.Int("max_committed_size_per_ready");
        return new RaftOptions
        {
            Id = id,
            ElectionTimeoutTicks = electionTick,
            ElectionJitterTicks = electionTick,
            HeartbeatTicks = options.Int("heartbeat_tick", defaults.Int("heartbeat_tick", 1)),
            PriorityDelayTicks = 0,
            PreVote = options.Bool("pre_vote"),
            CheckQuorum = options.Bool("check_quorum"),
            Lease = options.Text("read_only") == "lease_based" ? LeasePolicy.QuorumCheck : LeasePolicy.None,
            AsyncStorageWrites = options.Bool("async_storage_writes"),
            DelayCommitNotices = false,
            VotesTellCommit = false,
            ValidateConfigChanges = !options.Bool("disable_conf_change_validation"),
            StepDownOnRemoval = options.Bool("step_down_on_removal"),
            MaxAppendBytes = long.MaxValue,
            MaxInflightMessages = inflight == 0 ? defaults.Int("max_inflight_messages", 256) : inflight,
            MaxInflightBytes = 0,
            MaxUncommittedBytes = long.MaxValue,
            MaxApplyingBytes = applying == 0 ? long.MaxValue : applying,
        };
    }

    private void Start(RaftOptions options, LogIndex applied, GroupConfig config)
    {
        _options = options;
        var state = new RaftStartState
        {
            HardState = StableHardState,
            Compacted = StablePrev,
            Entries = _stable.ToArray(),
            Applied = applied,
            Config = config,
        };
        Core = new RaftCore(_options, state, this, new SplitMix64(Id.Value), Now);
    }
}
