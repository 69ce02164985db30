using System.Collections.Immutable;

namespace OrleansStore.Consensus.Tests.Simulation;

/// <summary>A state of the state machine: the commands applied so far.</summary>
internal sealed record SimSnapshot(SnapshotMetadata Metadata, ImmutableList<ulong> Commands)
{
    public ulong Handle => Metadata.Index.Value;
}
