using System.Net.Security;
using Orleans.Connections.Security;
using OrleansStore.Datacenters.Links;

namespace OrleansStore.Grains.Links;

/// <summary>Mutual TLS for the connections of silos and clients, by the same rules as everywhere: both sides show a certificate of the given authority, which names a datacenter.</summary>
internal static class ClusterTls
{
    /// <summary>Has a client believe only the silos of one datacenter.</summary>
    /// <param name="client">The client.</param>
    /// <param name="credentials">What this side shows, and whom it believes.</param>
    /// <param name="datacenter">Whose silos they are.</param>
    public static void UseTls(this IClientBuilder client, PeerCredentials credentials, string datacenter) =>
        client.UseTls(credentials.Certificate, options => Apply(options, credentials, datacenter));

    /// <summary>Has a silo believe its own cluster's silos, and as clients all datacenters that the authority has signed.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="credentials">What this side shows, and whom it believes.</param>
    /// <param name="datacenter">The silo's own datacenter.</param>
    public static void UseTls(this ISiloBuilder silo, PeerCredentials credentials, string datacenter) =>
        silo.UseTls(credentials.Certificate, options => Apply(options, credentials, datacenter));

    private static void Apply(TlsOptions options, PeerCredentials credentials, string datacenter)
    {
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;

        // Whom the certificate names is checked where this side dials; the chain is checked by the policies below, and counts here as it came out.
        options.RemoteCertificateValidation = static (_, _, errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
        options.OnAuthenticateAsServer = (_, server) =>
        {
            var wanted = credentials.ForServer();
            var tls = (SslServerAuthenticationOptions)server.SslServerAuthenticationOptions;
            tls.CertificateChainPolicy = wanted.CertificateChainPolicy;
            tls.ClientCertificateRequired = true;
            tls.AllowRenegotiation = false;
        };
        options.OnAuthenticateAsClient = (_, client) =>
        {
            var wanted = credentials.ForClient(datacenter);
            var tls = (SslClientAuthenticationOptions)client.SslClientAuthenticationOptions;
            tls.CertificateChainPolicy = wanted.CertificateChainPolicy;
            tls.TargetHost = datacenter;
            tls.AllowRenegotiation = false;
        };
    }
}
