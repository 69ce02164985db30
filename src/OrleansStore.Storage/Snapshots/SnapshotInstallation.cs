using OrleansStore.Consensus;

namespace OrleansStore.Storage.Snapshots;

/// <summary>Finishes what a crash cut short between making a received snapshot durable and resetting the log to it (Raft section 7, InstallSnapshot rules 6 and 7).</summary>
internal static class SnapshotInstallation
{
    /// <summary>Whether the log holds the snapshot's last entry, so that what follows it may stay.</summary>
    public static bool Agrees(LogState state, SnapshotMetadata snapshot)
    {
        if (snapshot.Index <= state.CompactedTo.Index)
        {
            return true;
        }

        var position = snapshot.Index.Value - state.CompactedTo.Index.Value - 1;
        return position < (ulong)state.Entries.Count && state.Entries[(int)position].Term == snapshot.Term;
    }

    /// <summary>The hard state with which the log goes on after the snapshot.</summary>
    public static HardState Raise(HardState state, SnapshotMetadata snapshot)
    {
        // The snapshot is committed state. A term above the stored one was seen but not noted; no vote can have been cast in it.
        state = snapshot.Term > state.Term ? new HardState(snapshot.Term, ReplicaId.None, snapshot.Index) : state;
        return state with { Commit = snapshot.Index > state.Commit ? snapshot.Index : state.Commit };
    }
}
