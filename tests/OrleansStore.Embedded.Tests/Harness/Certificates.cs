using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansStore.Datacenters.Links;

namespace OrleansStore.Embedded.Tests.Harness;

/// <summary>An authority of the test's, and what it signs.</summary>
internal sealed class Certificates : IDisposable
{
    private const string ServerRole = "1.3.6.1.5.5.7.3.1";
    private const string ClientRole = "1.3.6.1.5.5.7.3.2";

    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public Certificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=OrleansStore test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        Authority = request.CreateSelfSigned(_now.AddDays(-30), _now.AddDays(30));
    }

    public X509Certificate2 Authority { get; }

    public X509Certificate2 Sign(string dnsName, int fromDays = -1, int toDays = 1, bool forClients = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=anything", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        OidCollection roles = [new Oid(ServerRole)];
        if (forClients)
        {
            roles.Add(new Oid(ClientRole));
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(roles, false));
        using var certificate = request.Create(Authority, _now.AddDays(fromDays), _now.AddDays(toDays), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Credentials of a datacenter that believes this authority, or <paramref name="believes"/>.</summary>
    public PeerCredentials Of(string datacenter, X509Certificate2 certificate, Certificates? believes = null) =>
        new(datacenter, certificate, [], [(believes ?? this).Authority]);

    public void Dispose() => Authority.Dispose();
}
