using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Client.Tests;

/// <summary>A namespace behaves like a store of its own.</summary>
[Collection(RealStoreCollection.Name), Trait("Category", "Integration")]
public sealed class NamespacedStoreTests(RealStore real) : StoreBehaviour, IDisposable
{
    private readonly HttpStore _store = real.Connect();

    protected override IStore Store => _store.Namespace("tests");

    public void Dispose() => _store.Dispose();
}
