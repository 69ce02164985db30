namespace OrleansStore.Grains.Tests.Silos;

/// <summary>The tests that share three datacenters of two silos.</summary>
[CollectionDefinition(SharedPairs.Collection)]
public sealed class SharedPairsCollection : ICollectionFixture<SharedPairs>
{
}
