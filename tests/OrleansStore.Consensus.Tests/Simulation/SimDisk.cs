using OrleansStore.Consensus.Membership;

namespace OrleansStore.Consensus.Tests.Simulation;

/// <summary>What one replica has durably: hard state, log, and snapshots of a state machine that is the list of all commands applied.</summary>
internal sealed class SimDisk(GroupConfig config) : ISnapshotSource
{
    private readonly List<Entry> _entries = [];

    public HardState HardState { get; private set; }

    /// <summary>The entry before the first one.</summary>
    public EntryId Compacted { get; private set; }

    public SimSnapshot Snapshot { get; private set; } = new(new SnapshotMetadata(LogIndex.None, Term.None, config), []);

    public RaftSnapshot? Latest => Snapshot.Metadata.IsEmpty ? null : new RaftSnapshot(Snapshot.Metadata, Snapshot.Handle);

    public LogIndex LastIndex => Compacted.Index + (ulong)_entries.Count;

    public bool Holds(EntryId id) =>
        id.Index <= Snapshot.Metadata.Index || (id.Index > Compacted.Index && id.Index <= LastIndex && _entries[PositionOf(id.Index)].Term == id.Term);

    public void Write(HardState? hardState, SimSnapshot? snapshot, ReadOnlyMemory<Entry> entries)
    {
        HardState = hardState ?? HardState;
        if (snapshot is not null)
        {
            Snapshot = snapshot;
            Compacted = snapshot.Metadata.LastEntry;
            _entries.Clear();
        }

        if (!entries.IsEmpty)
        {
            var keep = PositionOf(entries.Span[0].Index);
            _entries.RemoveRange(keep, _entries.Count - keep);
            _entries.AddRange(entries.Span);
        }
    }

    public void SaveSnapshot(SimSnapshot snapshot) => Snapshot = snapshot;

    public void Compact(LogIndex last)
    {
        var position = PositionOf(last);
        Compacted = _entries[position].Id;
        _entries.RemoveRange(0, position + 1);
    }

    public RaftStartState StartState(MonotonicTime? promisedUntil)
    {
        // The snapshot may be newer than the hard state's last word on what is committed.
        var commit = HardState.Commit > Snapshot.Metadata.Index ? HardState.Commit : Snapshot.Metadata.Index;
        return new RaftStartState
        {
            HardState = HardState == HardState.Empty ? HardState : HardState with { Commit = commit },
            Compacted = Compacted,
            Entries = _entries.ToArray(),
            Applied = Snapshot.Metadata.Index,
            Config = Snapshot.Metadata.Config,
            PromisedUntil = promisedUntil,
        };
    }

    private int PositionOf(LogIndex index) => (int)(index - Compacted.Index) - 1;
}
