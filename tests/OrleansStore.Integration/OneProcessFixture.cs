using OrleansStore.Client.Tests.Support;
using OrleansStore.Integration.Harness;

namespace OrleansStore.Integration;

/// <summary>Three datacenters in one process, for all tests of a class.</summary>
public sealed class OneProcessFixture : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new();
    private SiloRun? _run;

    internal IReadOnlyList<StoreClient> Clients { get; private set; } = [];

    public async Task InitializeAsync()
    {
        _run = new SiloRun(_folder.Path, $"--http-port 0 --peer-port {FreePorts.Take(Cluster.Size)}");
        Clients = [.. (await _run.ReadyAsync(Cluster.Size)).Select(address => new StoreClient(address))];
    }

    public async Task DisposeAsync()
    {
        var code = await _run!.TerminateAsync();
        await _run.DisposeAsync();
        foreach (var client in Clients)
        {
            client.Dispose();
        }

        Assert.Equal(0, code);
    }

    public void Dispose() => _folder.Dispose();
}
