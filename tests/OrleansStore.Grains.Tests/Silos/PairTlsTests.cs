using OrleansStore.Client;
using OrleansStore.Datacenters.Links;
using OrleansStore.Grains.Tests.Harness;
using OrleansStore.Integration.Harness;

namespace OrleansStore.Grains.Tests.Silos;

/// <summary>Several silos per datacenter over mutual TLS: within a cluster, between silos that pass on what comes in, and between clusters.</summary>
[Trait("Category", "Integration")]
public sealed class PairTlsTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Certificates _authority;
    private readonly Dictionary<string, PeerSecurityOptions> _security = [];

    public PairTlsTests() => _authority = new Certificates(_folder.Path, "authority");

    [PostgresFact]
    public async Task Store_ServesThroughEverySilo_AndGoesOnWithoutTheOneThatHeldTheLinks()
    {
        await using var pairs = await SiloPairs.StartAsync(security: Security);
        await PutAndGetAsync(pairs, "before", SiloPairs.All());

        var victim = pairs.HolderOf(0);
        await pairs.StopSiloAsync(0, victim);
        await PutAndGetAsync(pairs, "without", SiloPairs.All().Where(each => each != (0, victim)));

        await pairs.StartSiloAsync(0, victim);
        await pairs.ReadyAsync();
        await PutAndGetAsync(pairs, "after", SiloPairs.All());
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private static async Task PutAndGetAsync(SiloPairs pairs, string prefix, IEnumerable<(int Datacenter, int Silo)> silos)
    {
        var stores = silos.Select(each => pairs.Store(each.Datacenter, each.Silo)).ToList();
        for (var i = 0; i < SiloPairs.Buckets; i++)
        {
            (await stores[i % stores.Count].PutTextAsync($"{prefix}-{i}", $"{i}")).ThrowIfNotApplied();
            Assert.Equal($"{i}", await stores[(i + 1) % stores.Count].GetTextAsync($"{prefix}-{i}"));
        }
    }

    private PeerSecurityOptions Security(string datacenter)
    {
        // All silos of a datacenter have one certificate: nobody reads it while it is written.
        if (!_security.TryGetValue(datacenter, out var security))
        {
            var (certificate, key) = _authority.FilesFor(datacenter);
            _security.Add(datacenter, security = new PeerSecurityOptions { CertificatePath = certificate, KeyPath = key, AuthorityPath = _authority.Authority });
        }

        return security;
    }
}
