namespace OrleansStore.Consensus.Tests.Conformance;

/// <summary>A theory over the conformance vectors; one skipped test where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VectorTheoryAttribute : TheoryAttribute
{
    public VectorTheoryAttribute()
    {
        if (!VectorFolder.Exists)
        {
            Skip = $"No conformance vectors in {VectorFolder.Path}; set RAFT_VECTORS to their folder.";
        }
    }
}
