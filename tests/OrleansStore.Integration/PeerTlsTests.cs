using System.Net;
using OrleansStore.Client.Tests.Support;
using OrleansStore.Integration.Harness;

namespace OrleansStore.Integration;

/// <summary>Peers that prove who they are.</summary>
[Trait("Category", "Integration")]
public sealed class PeerTlsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Datacenters_ServeTogether_WithCertificatesOfOneAuthority()
    {
        using var authority = new Certificates(_folder.Path, "authority");
        await using var cluster = await Cluster.StartAsync(name => authority.FlagsFor(name));

        Assert.Equal(HttpStatusCode.Created, (await cluster.Clients[0].SendAsync("PUT", "/v1/kv/a", "1")).Status);
        Assert.Equal("1", (await cluster.Clients[1].SendAsync("GET", "/v1/kv/a")).Body);
        Assert.Equal("1", (await cluster.Clients[2].SendAsync("GET", "/v1/kv/a")).Body);
    }

    [Fact]
    public async Task Datacenter_IsNotLetIn_WithACertificateOfAnotherAuthority()
    {
        using var ours = new Certificates(_folder.Path, "ours");
        using var other = new Certificates(_folder.Path, "other");
        var port = FreePorts.Take(3);
        var peers = $"a=127.0.0.1:{port},b=127.0.0.1:{port + 1}";
        await using var a = new SiloRun(_folder.Path, $"--datacenter a --http 127.0.0.1:{port + 2} --peers {peers} {ours.FlagsFor("a")}");

        // b believes our authority, so that only a's refusal stands between it and the store.
        await using var b = new SiloRun(_folder.Path, $"--datacenter b --http 127.0.0.1:0 --peers {peers} {other.FlagsFor("b", trusted: ours.Authority)}");
        using var client = new StoreClient(new Uri($"http://127.0.0.1:{port + 2}"));

        await Until.TrueAsync("a says that it refuses the certificate", async () => await client.TrySendAsync("GET", "/health/ready") is { Status: HttpStatusCode.ServiceUnavailable } answer
            && answer.Body.Contains("certificate", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(a.Output);
        Assert.Empty(b.Output);
        Assert.Equal(0, await a.TerminateAsync());
    }
}
