namespace OrleansStore.Grains.Tests.Harness;

/// <summary>The tests that share three clusters.</summary>
[CollectionDefinition(Name)]
public sealed class SharedClustersCollection : ICollectionFixture<SharedClusters>
{
    public const string Name = "three shared clusters";
}
