using OrleansStore.Client;
using OrleansStore.Client.Tests;
using OrleansStore.Grains.Tests.Harness;

namespace OrleansStore.Grains.Tests;

/// <summary>The flavour over a cluster client: messages over a socket to a router grain.</summary>
[Collection(SharedClustersCollection.Name), Trait("Category", "Integration")]
public sealed class ClusterClientTests(SharedClusters shared) : StoreBehaviour
{
    protected override IStore Store { get; } = shared.Clusters.Client(0);
}
