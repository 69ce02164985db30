using OrleansStore.Client;
using OrleansStore.Client.Tests;
using OrleansStore.Grains.Tests.Harness;

namespace OrleansStore.Grains.Tests;

/// <summary>The flavour of grains in a silo that runs the store: no message at all.</summary>
[Collection(SharedClustersCollection.Name), Trait("Category", "Integration")]
public sealed class InSiloTests(SharedClusters shared) : StoreBehaviour
{
    protected override IStore Store { get; } = shared.Clusters.InSilo(1);
}
