using System.Net.Security;
using System.Net.Sockets;
using OrleansStore.Datacenters.Links;
using OrleansStore.Embedded.Tests.Harness;
using OrleansStore.Service.Peers;
using static OrleansStore.Embedded.Tests.Harness.Identities;

namespace OrleansStore.Embedded.Tests.Links;

[Trait("Category", "Integration")]
public sealed class TlsLinkTests : IDisposable
{
    private static readonly LinkOptions Options = new() { HandshakeTimeout = TimeSpan.FromSeconds(10) };

    private readonly Certificates _authority = new();
    private readonly Certificates _stranger = new();

    [Theory]
    [InlineData("dc1", "dc2")]
    [InlineData("dc1.example.org", "DC2.peers.example.org")]
    public async Task Link_ComesUpAndCarriesPayloads_WhenBothCertificatesAreRight(string first, string second)
    {
        using var one = _authority.Of("dc1", _authority.Sign(first));
        using var two = _authority.Of("dc2", _authority.Sign(second));
        var (a, b) = await StartAsync(one, two);
        await using var _ = a;
        await using var __ = b;
        await a.UntilAsync(2, LinkState.Up);
        await b.UntilAsync(1, LinkState.Up);
        var payload = Enumerable.Range(0, 3_000_000).Select(i => (byte)(i * 31)).ToArray();
        Assert.True(a.Links.TrySend(Dc(2), LinkClass.Bulk, payload));
        Assert.True(b.Links.TrySend(Dc(1), LinkClass.Control, [1, 2, 3]));
        await Eventually.HoldsAsync(() => a.Handler.Count == 1 && b.Handler.Count == 1, () => "both payloads");
        Assert.Equal(payload, b.Handler.Payloads[0].Payload);
    }

    [Fact]
    public async Task Link_IsRefused_WhenTheCertificateNamesAnotherDatacenter()
    {
        // dc1's process has a certificate of dc3: its own check would stop it, so its credentials say dc3.
        using var one = _authority.Of("dc3", _authority.Sign("dc3"));
        using var two = _authority.Of("dc2", _authority.Sign("dc2"));
        var (a, b) = await StartAsync(one, two);
        await using var _ = a;
        await using var __ = b;
        await b.UntilAsync(1, LinkState.Refused);
        await a.UntilAsync(2, LinkState.Refused);
        Assert.Contains("certificate name differs: the certificate names dc3, its holder calls itself dc1", b.Status(1).Reason, StringComparison.Ordinal);
        Assert.Contains("the certificate names dc3", a.Status(2).Reason, StringComparison.Ordinal);

        // Both learn it at the first attempt, not by luck at a later one.
        Assert.Single(a.Logger.Lines, line => line.Id == 6003);
        Assert.DoesNotContain(a.Logger.Lines, line => line.Text.Contains("broke", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("another authority")]
    [InlineData("expired")]
    [InlineData("not yet valid")]
    [InlineData("not for clients")]
    public async Task Link_StaysDown_WhenTheDiallersCertificateIsNotAccepted(string fault)
    {
        using var one = fault switch
        {
            "another authority" => _stranger.Of("dc1", _stranger.Sign("dc1"), believes: _authority),
            "expired" => _authority.Of("dc1", _authority.Sign("dc1", -10, -1)),
            "not yet valid" => _authority.Of("dc1", _authority.Sign("dc1", 1, 10)),
            _ => _authority.Of("dc1", _authority.Sign("dc1", forClients: false)),
        };
        using var two = _authority.Of("dc2", _authority.Sign("dc2"));
        await NeverUpAsync(one, two, side => side.b);
    }

    [Theory]
    [InlineData("another authority")]
    [InlineData("expired")]
    public async Task Link_StaysDown_WhenTheAcceptorsCertificateIsNotAccepted(string fault)
    {
        using var one = _authority.Of("dc1", _authority.Sign("dc1"));
        using var two = fault == "expired"
            ? _authority.Of("dc2", _authority.Sign("dc2", -10, -1))
            : _stranger.Of("dc2", _stranger.Sign("dc2"), believes: _authority);
        await NeverUpAsync(one, two, side => side.a);
    }

    [Fact]
    public async Task Link_StaysDown_WhenOneSideSpeaksPlainly()
    {
        using var two = _authority.Of("dc2", _authority.Sign("dc2"));
        await NeverUpAsync(null, two, side => side.b);
    }

    [Fact]
    public async Task Acceptor_HearsNothing_WhenTheClientShowsNoCertificate()
    {
        using var credentials = _authority.Of("dc2", _authority.Sign("dc2"));
        await using var two = await SocketLinks.ListenAsync(2, options: Options, credentials: credentials);
        two.Start((1, 1));
        using var client = new TcpClient("127.0.0.1", two.Port);
        await using var tls = new SslStream(client.GetStream(), false, (_, certificate, _, _) => certificate is not null);
        try
        {
            await tls.AuthenticateAsClientAsync("dc2");
            var writer = new System.Buffers.ArrayBufferWriter<byte>();
            FrameFormat.Write(writer, FrameType.Hello, new Hello(LinkClass.Control, Dc(2), new LinkSessionId(1, 1), Member(1, 2)).Encode());
            await tls.WriteAsync(writer.WrittenMemory);
            Assert.Equal(0, await tls.ReadAsync(new byte[1]));
        }
        catch (IOException)
        {
            // With TLS 1.3 the client learns of it when it reads or writes.
        }

        await Eventually.HoldsAsync(() => two.Logger.Lines.Any(line => line.Id == 6010), () => "a line in the log");
        Assert.Empty(two.Exchange.Heard);
    }

    [Fact]
    public void Credentials_AreRefused_WhenTheCertificateDoesNotNameTheDatacenter()
    {
        var exception = Assert.Throws<ArgumentException>(() => _authority.Of("dc1", _authority.Sign("dc2")));
        Assert.Contains("the certificate names dc2, its holder calls itself dc1", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _authority.Of("dc1", _authority.Sign("dc10")));
    }

    [Theory]
    [InlineData("127.0.0.1:1", "127.0.0.5:2", false, false, 0)]
    [InlineData("localhost:1", "[::1]:2", false, false, 0)]
    [InlineData("127.0.0.1:1", "10.0.0.2:2", false, false, 1)]
    [InlineData("0.0.0.0:1", "127.0.0.1:2", false, false, 1)]
    [InlineData("127.0.0.1:1", "dc2.example.org:2", false, false, 1)]
    [InlineData("10.0.0.1:1", "10.0.0.2:2", true, false, 0)]
    [InlineData("10.0.0.1:1", "10.0.0.2:2", false, true, 0)]
    public void Start_NeedsTlsOrConsent_BeyondLoopback(string listen, string peer, bool isInsecure, bool isTls, int errors)
    {
        var options = isTls
            ? new PeerSecurityOptions { CertificatePath = "c", KeyPath = "k", AuthorityPath = "a" }
            : new PeerSecurityOptions { InsecurePeers = isInsecure };
        Assert.True(PeerEndpoint.TryParse(listen, out var first));
        Assert.True(PeerEndpoint.TryParse(peer, out var second));
        var found = options.FindErrors([first, second]);
        Assert.Equal(errors, found.Count);
        Assert.All(found, error => Assert.Contains("--insecure-peers", error, StringComparison.Ordinal));
        Assert.Single(new PeerSecurityOptions { CertificatePath = "c" }.FindErrors([first, second]));
    }

    [Fact]
    public void Credentials_AreReadFromPemFiles()
    {
        var folder = Directory.CreateTempSubdirectory("links");
        try
        {
            using var certificate = _authority.Sign("dc1");
            var options = new PeerSecurityOptions
            {
                CertificatePath = Path.Combine(folder.FullName, "dc1.crt"),
                KeyPath = Path.Combine(folder.FullName, "dc1.key"),
                AuthorityPath = Path.Combine(folder.FullName, "ca.crt"),
            };
            File.WriteAllText(options.CertificatePath, certificate.ExportCertificatePem());
            File.WriteAllText(options.AuthorityPath, _authority.Authority.ExportCertificatePem());
            Assert.Contains(options.KeyPath, Assert.Throws<ArgumentException>(() => options.Load("dc1")).Message, StringComparison.Ordinal);
            using (var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!)
            {
                File.WriteAllText(options.KeyPath, key.ExportPkcs8PrivateKeyPem());
            }

            using var credentials = options.Load("dc1");
            Assert.NotNull(credentials);
            Assert.Throws<ArgumentException>(() => options.Load("dc2"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
    }

    private static async Task<(SocketLinks A, SocketLinks B)> StartAsync(PeerCredentials? one, PeerCredentials? two)
    {
        var a = await SocketLinks.ListenAsync(1, options: Options, credentials: one);
        var b = await SocketLinks.ListenAsync(2, options: Options, credentials: two);
        a.Start((2, b.Port));
        b.Start((1, a.Port));
        return (a, b);
    }

    // The side that turns the other down says so; and however often it is tried, nobody is heard.
    private static async Task NeverUpAsync(PeerCredentials? one, PeerCredentials? two, Func<(SocketLinks a, SocketLinks b), SocketLinks> decliner)
    {
        var (a, b) = await StartAsync(one, two);
        await using var _ = a;
        await using var __ = b;
        var side = decliner((a, b));
        await Eventually.HoldsAsync(() => side.Logger.Lines.Length > 0, () => "a line in the log");
        await Eventually.HoldsAsync(() => a.Logger.Lines.Length > 0 && a.Status(2).Reason != "not connected yet", () => "an attempt has failed");
        Assert.Equal((LinkState.Down, LinkState.Down), (a.Status(2).State, b.Status(1).State));
        Assert.Empty(a.Exchange.Heard);
        Assert.Empty(b.Exchange.Heard);
    }
}
