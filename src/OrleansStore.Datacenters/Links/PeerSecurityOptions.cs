using System.Security.Cryptography.X509Certificates;

namespace OrleansStore.Datacenters.Links;

/// <summary>How the peers prove who they are.</summary>
public sealed class PeerSecurityOptions
{
    /// <summary>The path of this datacenter's certificate, PEM, followed in the file by intermediate ones if there are any. It names the datacenter as a DNS
    /// subject alternative name,
    /// <c>dc1</c> or <c>dc1.</c> and any suffix, and serves both clients and servers. Null: no TLS.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The path of its private key, PEM, not encrypted. Null exactly where there is no certificate.</summary>
    public string? KeyPath { get; init; }

    /// <summary>The path of the authorities, PEM, that sign the peers' certificates. No other authority counts. Null exactly where there is no
    /// certificate.</summary>
    public string? AuthorityPath { get; init; }

    /// <summary>Whether peers beyond loopback may speak without TLS: then whoever reaches the port can read and write everything. Default false.</summary>
    public bool InsecurePeers { get; init; }

    /// <summary>Whether connections use TLS.</summary>
    public bool IsTls => CertificatePath is not null;

    /// <summary>Says why these options do not do for these endpoints.</summary>
    /// <param name="endpoints">Where this process listens, and all its peers.</param>
    /// <returns>One sentence with values per error; empty if there is none.</returns>
    public IReadOnlyList<string> FindErrors(IEnumerable<PeerEndpoint> endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        List<string> errors = [];
        if (CertificatePath is null != KeyPath is null || CertificatePath is null != AuthorityPath is null)
        {
            errors.Add(
                "Certificate, key and authority belong together: " +
                $"CertificatePath is {CertificatePath ?? "not set"}, KeyPath is {KeyPath ?? "not set"}, AuthorityPath is {AuthorityPath ?? "not set"}.");
        }

        if (!IsTls && !InsecurePeers && endpoints.Where(endpoint => !endpoint.IsLoopback).ToList() is { Count: > 0 } beyond)
        {
            errors.Add($"Peers beyond loopback ({string.Join(", ", beyond)}) need mutual TLS: set a certificate, or --insecure-peers.");
        }

        return errors;
    }

    /// <summary>Reads the files.</summary>
    /// <param name="datacenter">The name of this datacenter.</param>
    /// <returns>Null where there is no certificate. The caller disposes of it.</returns>
    /// <exception cref="ArgumentException">A file cannot be read, or the certificate does not name the datacenter.</exception>
    public PeerCredentials? Load(string datacenter)
    {
        if (!IsTls)
        {
            return null;
        }

        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(CertificatePath!);
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(AuthorityPath!);
            return new PeerCredentials(datacenter, X509Certificate2.CreateFromPemFile(CertificatePath!, KeyPath), chain, authorities);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new ArgumentException(
                $"Cannot read the certificate {CertificatePath}, its key {KeyPath} or its authorities {AuthorityPath}: {exception.Message}", exception);
        }
    }
}
