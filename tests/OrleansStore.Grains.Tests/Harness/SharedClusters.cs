namespace OrleansStore.Grains.Tests.Harness;

/// <summary>Three clusters that many tests share, each with keys of its own.</summary>
public sealed class SharedClusters : IAsyncLifetime
{
    public ThreeClusters Clusters { get; private set; } = null!;

    public async Task InitializeAsync() => Clusters = await ThreeClusters.StartAsync();

    public async Task DisposeAsync() => await Clusters.DisposeAsync();
}
