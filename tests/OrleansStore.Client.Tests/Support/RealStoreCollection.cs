namespace OrleansStore.Client.Tests.Support;

/// <summary>The tests that share one real store. Each uses keys of its own.</summary>
[CollectionDefinition(Name)]
public sealed class RealStoreCollection : ICollectionFixture<RealStore>
{
    public const string Name = "one real store";
}
