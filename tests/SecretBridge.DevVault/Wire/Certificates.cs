using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecretBridge.DevVault;

/// <summary>A certificate authority that lives as long as the server, and what it signed.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Certificates(TlsOptions options, DateTimeOffset now)
    {
        var request = new CertificateRequest("CN=SecretBridge DevVault CA", _authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Authority = request.CreateSelfSigned(now.AddDays(-400), now.AddDays(400));

        DateTimeOffset end = now + options.Validity;
        Server = Issue("CN=" + options.HostNames[0], "1.3.6.1.5.5.7.3.1", end, names =>
        {
            foreach (string name in options.HostNames)
            {
                names.AddDnsName(name);
            }
            if (!options.OnlyHostNames)
            {
                names.AddIpAddress(IPAddress.Loopback);
                names.AddIpAddress(IPAddress.IPv6Loopback);
            }
        });
        Client = Issue("CN=devvault-client", "1.3.6.1.5.5.7.3.2", now.AddDays(30), names => names.AddDnsName("devvault-client"));
    }

    public X509Certificate2 Authority { get; }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Client { get; }

    public void Dispose()
    {
        Authority.Dispose();
        Server.Dispose();
        Client.Dispose();
        _authorityKey.Dispose();
    }

    private X509Certificate2 Issue(string subject, string usage, DateTimeOffset end, Action<SubjectAlternativeNameBuilder> addNames)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        addNames(names);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, false));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Authority, true, false));
        DateTimeOffset start = Authority.NotBefore.ToUniversalTime().AddDays(1);
        using X509Certificate2 signed = request.Create(Authority, start, end, RandomNumberGenerator.GetBytes(12));
        using X509Certificate2 paired = signed.CopyWithPrivateKey(key);

        // A key that never left memory does not serve as a TLS server's on Windows; one loaded from PKCS#12 does.
        byte[] pkcs12 = paired.Export(X509ContentType.Pkcs12);
#if NET9_0_OR_GREATER
        return X509CertificateLoader.LoadPkcs12(pkcs12, null, X509KeyStorageFlags.Exportable);
#else
        return new X509Certificate2(pkcs12, (string?)null, X509KeyStorageFlags.Exportable);
#endif
    }
}
