using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Client.Tests;

/// <summary>The flavour over HTTP, against a real store of three datacenters.</summary>
[Collection(RealStoreCollection.Name), Trait("Category", "Integration")]
public sealed class HttpStoreTests(RealStore real) : StoreBehaviour, IDisposable
{
    private readonly HttpStore _store = real.Connect();

    protected override IStore Store => _store;

    public void Dispose() => _store.Dispose();
}
