namespace OrleansStore.Consensus.Tests.Conformance;

[Trait("Category", "Conformance")]
public sealed class ConformanceTests
{
    private const string TotalsLevel = "totals";

    public static TheoryData<string, string> Cases()
    {
        var rows = new TheoryData<string, string>();
        if (!VectorFolder.Exists)
        {
            return rows;
        }

        foreach (var kind in Enum.GetValues<VectorKind>())
        {
            rows.Add(TotalsLevel, kind.ToString());
        }

        foreach (var vector in VectorFolder.Cases)
        {
            if (vector.Kind == VectorKind.Interaction)
            {
                rows.Add("L1", vector.Id);
                rows.Add("L2", vector.Id);
            }
            else
            {
                rows.Add("case", vector.Id);
            }
        }

        return rows;
    }

    [VectorTheory]
    [MemberData(nameof(Cases))]
    public void Core_AgreesWithVector_WhenRunThroughIt(string level, string id)
    {
        if (level == TotalsLevel)
        {
            Assert.Contains(VectorFolder.Cases, vector => vector.Kind.ToString() == id);
            return;
        }

        var vector = VectorFolder.Cases.Single(vector => vector.Id == id);
        Run(level, vector);
    }

    private static void Run(string level, VectorCase vector)
    {
        switch (vector.Kind)
        {
            case VectorKind.Quorum:
                QuorumVectors.Run(vector.Body);
                break;
            case VectorKind.ConfigChange:
                ConfigChangeVectors.Run(vector.Body);
                break;
            case VectorKind.Scenario when vector.Body.GetProperty("kind").GetString() is "node" or "cluster":
                new ScenarioRunner(vector.Body).Run();
                break;
            case VectorKind.Scenario:
                PureVectors.Run(vector.Body);
                break;
            default:
                new InteractionRunner(vector.Body, vector.Defaults, everyStep: level == "L2").Run();
                break;
        }
    }
}
