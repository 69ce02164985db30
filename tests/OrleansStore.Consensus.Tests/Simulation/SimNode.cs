using System.Buffers.Binary;
using System.Collections.Immutable;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;
using OrleansStore.Consensus.Reads;

namespace OrleansStore.Consensus.Tests.Simulation;

/// <summary>One replica: a core with asynchronous storage, its disk and its state machine. It drives the core by the rules of <see cref="Ready"/>.</summary>
internal sealed class SimNode
{
    private readonly SimGroup _group;
    private readonly SimClock _clock;
    private readonly RaftOptions _options;
    private readonly SplitMix64 _random;

    // Writes that were issued and are not durable, in order.
    private readonly Queue<(Ready Ready, SimSnapshot? Snapshot)> _writes = new();
    private int _incarnation;
    private MonotonicTime? _promisedUntil;
    private readonly SimDisk _disk;

    public SimNode(SimGroup group, RaftOptions options, GroupConfig config, SimClock clock, SplitMix64 random)
    {
        (_group, _options, _clock, _random) = (group, options, clock, random);
        _disk = new SimDisk(config);
    }

    public ReplicaId Id => _options.Id;

    /// <summary>Null while the process is down, or the replica is hibernated out of memory.</summary>
    public RaftCore? Core { get; private set; }

    public SimDisk Disk => _disk;

    public bool IsUp { get; private set; }

    public bool IsPaused { get; set; }

    public ImmutableList<ulong> Commands { get; private set; } = [];

    public LogIndex AppliedIndex { get; private set; }

    private Term AppliedTerm { get; set; }

    public MonotonicTime Now => _clock.At(_group.Time);

    public void Start()
    {
        IsUp = true;
        Activate();
    }

    /// <summary>Loses everything that is not durable. Of the writes under way a prefix may have reached the disk.</summary>
    public void Crash()
    {
        IsUp = false;
        IsPaused = false;
        for (var survivors = _random.Next(_writes.Count + 1); survivors > 0; survivors--)
        {
            var (ready, snapshot) = _writes.Dequeue();
            _disk.Write(ready.HardState, snapshot, ready.Entries);
        }

        Deactivate();
        _promisedUntil = null;
    }

    public void Receive(RaftMessage message, SimSnapshot? snapshot)
    {
        if (snapshot is not null)
        {
            _group.Staged[(Id, snapshot.Handle)] = snapshot;
        }

        Act(core => core.Step(Now, message));
    }

    public void Act(Action<RaftCore> act)
    {
        if (!IsUp)
        {
            return;
        }

        if (Core is null)
        {
            Activate();
        }

        act(Core!);
        Pump();
    }

    public static byte[] Encode(ulong command)
    {
        var data = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(data, command);
        return data;
    }

    /// <summary>Saves a snapshot of the state machine and drops part of the log that it covers.</summary>
    public void Compact()
    {
        if (Core is null || AppliedIndex <= Disk.Snapshot.Metadata.Index || Core.AppliedIndex != AppliedIndex || Core.DurableIndex < AppliedIndex || _writes.Count > 0)
        {
            return;
        }

        _disk.SaveSnapshot(new SimSnapshot(new SnapshotMetadata(AppliedIndex, AppliedTerm, Core.Config), Commands));
        var trailing = (ulong)_random.Next(10);
        if (AppliedIndex.Value > Core.FirstIndex.Value + trailing)
        {
            var last = new LogIndex(AppliedIndex.Value - trailing);
            Core.Compact(last);
            _disk.Compact(last);
        }
    }

    private void Activate()
    {
        var snapshot = _disk.Snapshot;
        (Commands, AppliedIndex, AppliedTerm) = (snapshot.Commands, snapshot.Metadata.Index, snapshot.Metadata.Term);
        Core = new RaftCore(_options, _disk.StartState(_promisedUntil), _disk, _random, Now);
    }

    private void Deactivate()
    {
        _incarnation++;
        _writes.Clear();
        Core = null;
    }

    /// <summary>Takes one tick. A pause swallows ticks, and who sleeps gets none.</summary>
    public void Tick()
    {
        if (!IsUp || Core is not { } core)
        {
            return;
        }

        core.Tick(Now);
        Pump();
        DeactivateIfAsleep();
    }

    private void DeactivateIfAsleep()
    {
        if (Core is { Hibernation: HibernationPhase.Asleep, HasReady: false } core && _writes.Count == 0 && core.AppliedIndex == core.CommitIndex)
        {
            _promisedUntil = core.PromisedUntil;
            _group.Reached("deactivated asleep");
            Deactivate();
        }
    }

    private void Pump()
    {
        while (Core is { HasReady: true } core)
        {
            var ready = new Ready();
            core.TakeReady(ready);
            _group.Observe(this, core);
            foreach (var message in ready.Messages)
            {
                _group.Send(this, message);
            }

            foreach (var read in ready.ReadStates)
            {
                _group.CompleteRead(this, read);
            }

            if (ready.HasWrites)
            {
                Write(ready);
            }

            if (!ready.CommittedEntries.IsEmpty)
            {
                Apply(core, ready.CommittedEntries);
            }
        }
    }

    private void Write(Ready ready)
    {
        var snapshot = ready.Snapshot is { } restored ? _group.Staged[(Id, restored.Handle)] : null;
        _writes.Enqueue((ready, snapshot));
        var incarnation = _incarnation;
        _group.After(_group.FsyncTime(), () => CompleteWrite(incarnation, ready, snapshot), this);
    }

    private void CompleteWrite(int incarnation, Ready ready, SimSnapshot? snapshot)
    {
        if (incarnation != _incarnation)
        {
            return;
        }

        // Writes are durable in order: what was issued before this one is, too.
        while (_writes.TryDequeue(out var write))
        {
            _disk.Write(write.Ready.HardState, write.Snapshot, write.Ready.Entries);
            if (write.Snapshot is not null)
            {
                (Commands, AppliedIndex, AppliedTerm) = (write.Snapshot.Commands, write.Snapshot.Metadata.Index, write.Snapshot.Metadata.Term);
            }

            foreach (var message in write.Ready.MessagesAfterAppend.Where(message => message.To != Id))
            {
                _group.Send(this, message);
            }

            Core!.AcknowledgeAppend(Now, write.Ready);
            if (ReferenceEquals(write.Ready, ready))
            {
                break;
            }
        }

        Pump();
    }

    private void Apply(RaftCore core, ReadOnlyMemory<Entry> entries)
    {
        foreach (var entry in entries.ToArray())
        {
            _group.CheckApplied(this, entry);
            AppliedIndex = entry.Index;
            AppliedTerm = entry.Term;
            if (entry.Type == EntryType.ConfigChange)
            {
                core.ApplyConfigChange(Now, ConfigChange.Decode(entry.Data.Span));
            }
            else if (!entry.Data.IsEmpty)
            {
                Commands = Commands.Add(BinaryPrimitives.ReadUInt64LittleEndian(entry.Data.Span));
            }
        }

        core.AcknowledgeApply(Now, entries);
    }
}
