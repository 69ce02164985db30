using OrleansStore.Datacenters.Links;
using OrleansStore.Embedded;

namespace OrleansStore.Client.Tests.Support;

/// <summary>A real store of three datacenters in this process, with files in a folder of its own.</summary>
public sealed class RealStore : IAsyncLifetime, IDisposable
{
    private const int Buckets = 16;

    private static readonly string[] Names = ["dc1", "dc2", "dc3"];

    private readonly TestFolder _folder = new();
    private readonly List<RealDatacenter> _datacenters = [];

    /// <summary>The HTTP addresses, in the order of names.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    public async Task InitializeAsync()
    {
        var peers = Names.ToDictionary(name => name, _ => new PeerEndpoint("127.0.0.1", FreePorts.Take()));
        foreach (var name in Names)
        {
            _datacenters.Add(await RealDatacenter.StartAsync(new EmbeddedOptions { Datacenter = name, Peers = peers, DataDirectory = _folder.Path, BucketCount = Buckets }));
        }

        Addresses = [.. _datacenters.Select(datacenter => datacenter.Address)];
        await Until.TrueAsync("all datacenters are ready", () => _datacenters.All(datacenter => datacenter.NotReadyReason is null));
    }

    /// <summary>A client of its own for whoever asks; to be disposed of.</summary>
    public HttpStore Connect(Action<StoreClientOptions>? configure = null)
    {
        var options = new StoreClientOptions { Endpoints = [.. Addresses], Timeout = TimeSpan.FromSeconds(20) };
        configure?.Invoke(options);
        return new HttpStore(options);
    }

    /// <summary>Ends one datacenter for good.</summary>
    public async Task StopAsync(int datacenter) => await _datacenters[datacenter].DisposeAsync();

    public async Task DisposeAsync()
    {
        foreach (var datacenter in _datacenters)
        {
            await datacenter.DisposeAsync();
        }
    }

    public void Dispose() => _folder.Dispose();
}
