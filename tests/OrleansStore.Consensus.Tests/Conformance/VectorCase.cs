using System.Text.Json;

namespace OrleansStore.Consensus.Tests.Conformance;

internal enum VectorKind
{
    Quorum = 1,
    ConfigChange = 2,
    Scenario = 3,
    Interaction = 4,
}

internal sealed record VectorCase(VectorKind Kind, string Id, JsonElement Body, JsonElement Defaults);
