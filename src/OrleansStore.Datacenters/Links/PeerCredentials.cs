using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace OrleansStore.Datacenters.Links;

/// <summary>This datacenter's certificate, and whom it believes.</summary>
/// <remarks>Both sides of a connection show a certificate. It is accepted if it is valid now, made for the role (client or server), and signed by one of the
/// authorities given;
/// the authorities of the machine do not count. Which datacenter it names is compared with the hello, since the accepting side does not know before whom to
/// expect.
/// Revocation is not looked up: a datacenter that is cut off could not ask, and would take itself down. Short-lived certificates, or a new authority,
/// revoke.</remarks>
public sealed class PeerCredentials : IDisposable
{
    private const string ServerRole = "1.3.6.1.5.5.7.3.1";
    private const string ClientRole = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _authorities;
    private readonly SslStreamCertificateContext _context;

    /// <summary>Creates the credentials.</summary>
    /// <param name="datacenter">The name of this datacenter.</param>
    /// <param name="certificate">With its private key; owned from here on.</param>
    /// <param name="intermediates">Sent along; may be empty.</param>
    /// <param name="authorities">Who signs the peers' certificates; at least one.</param>
    /// <exception cref="ArgumentException">The certificate has no private key or does not name the datacenter, or there is no authority.</exception>
    public PeerCredentials(
        string datacenter, X509Certificate2 certificate, X509Certificate2Collection intermediates, X509Certificate2Collection authorities)
    {
        ArgumentException.ThrowIfNullOrEmpty(datacenter);
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(authorities);
        if (!certificate.HasPrivateKey || authorities.Count == 0)
        {
            throw new ArgumentException($"The certificate {certificate.Subject} needs its private key, and at least one authority ({authorities.Count}) to believe.");
        }

        if (FindNameMismatch(certificate, datacenter) is { } mismatch)
        {
            throw new ArgumentException($"Peers would not accept this datacenter: {mismatch}.");
        }

        _certificate = certificate;
        _authorities = authorities;
        _context = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
    }

    /// <summary>This datacenter's certificate, with its private key. Owned by the credentials.</summary>
    public X509Certificate2 Certificate => _certificate;

    /// <summary>Whether a certificate lets its holder call itself by a name.</summary>
    /// <param name="certificate">The peer's.</param>
    /// <param name="datacenter">What the peer calls itself.</param>
    /// <returns>Null if it does; else what it names.</returns>
    public static string? FindNameMismatch(X509Certificate2 certificate, string datacenter)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames()).ToList();
        return names.Any(name => Names(name, datacenter))
            ? null
            : $"certificate name differs: the certificate names {(names.Count == 0 ? "no datacenter" : string.Join(", ", names))}, its holder calls itself {datacenter}";
    }

    /// <summary>What the accepting side of a connection asks for.</summary>
    public SslServerAuthenticationOptions ForServer() => new()
    {
        ServerCertificateContext = _context,
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = Policy(ClientRole),
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate is not null && IsAcceptable(errors),
        AllowRenegotiation = false,
    };

    /// <summary>What the dialling side of a connection asks for.</summary>
    /// <param name="datacenter">The one that is dialled.</param>
    public SslClientAuthenticationOptions ForClient(string datacenter) => new()
    {
        TargetHost = datacenter,
        ClientCertificateContext = _context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = Policy(ServerRole),
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate is not null && IsAcceptable(errors),
        AllowRenegotiation = false,
    };

    /// <summary>Frees the certificate. Connections that stand go on.</summary>
    public void Dispose() => _certificate.Dispose();

    // The host name that was dialled is an address and means nothing here; whom the certificate names is compared with the hello.
    private static bool IsAcceptable(SslPolicyErrors errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;

    // DNS names are compared regardless of case, and so are the names of datacenters unique regardless of case.
    private static bool Names(string dnsName, string datacenter) =>
        dnsName.Equals(datacenter, StringComparison.OrdinalIgnoreCase) || dnsName.StartsWith(datacenter + ".", StringComparison.OrdinalIgnoreCase);

    private X509ChainPolicy Policy(string role)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        policy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(role));
        return policy;
    }
}
