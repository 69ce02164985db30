using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansStore.Integration.Harness;

/// <summary>An authority of a test, and the certificates that it signs, as PEM files.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;
    private readonly string _folder;
    private readonly string _name;

    public Certificates(string folder, string name)
    {
        (_folder, _name) = (folder, name);
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        File.WriteAllText(Authority, _authority.ExportCertificatePem());
    }

    public string Authority => Path.Combine(_folder, $"{_name}.pem");

    /// <summary>Makes a certificate for a datacenter; returns the flags that use it.</summary>
    public string FlagsFor(string datacenter, string? trusted = null)
    {
        var (certificate, key) = FilesFor(datacenter);
        return $"--peer-certificate {certificate} --peer-key {key} --peer-authority {trusted ?? Authority}";
    }

    /// <summary>Makes a certificate for a datacenter; returns the paths of it and of its key.</summary>
    public (string Certificate, string Key) FilesFor(string datacenter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={datacenter}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(datacenter);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using var certificate = request.Create(_authority, _authority.NotBefore, _authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        var file = Path.Combine(_folder, $"{_name}-{datacenter}");
        File.WriteAllText($"{file}.pem", certificate.ExportCertificatePem());
        File.WriteAllText($"{file}.key", key.ExportPkcs8PrivateKeyPem());
        return ($"{file}.pem", $"{file}.key");
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }
}
