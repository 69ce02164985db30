namespace OrleansStore.Consensus.Tests;

/// <summary>For cores whose logs are never cut off.</summary>
internal sealed class NoSnapshots : ISnapshotSource
{
    public RaftSnapshot? Latest => null;
}
