using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecretBridge.Wire;

namespace SecretBridge.Bench;

/// <summary>A certificate for a real server on loopback, and the trust of all that the bench starts in it.</summary>
internal static class Loopback
{
    /// <summary>Names the file with the certificate to the bench and what it starts; not set where nothing is behind TLS.</summary>
    public const string Variable = "BENCH_CA";

    public static string? Trusted => Environment.GetEnvironmentVariable(Variable);

    /// <summary>What a connection of ours needs.</summary>
    public static TlsOptions Tls => new() { CaFile = Trusted };

    /// <summary>Writes certificate and key into <paramref name="folder"/>, and the server's configuration of a listener at <paramref name="port"/>.</summary>
    public static string Write(string folder, int port)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=SecretBridge bench", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        (string cert, string secret, string config) = (Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"), Path.Combine(folder, "tls.hcl"));
        File.WriteAllText(cert, certificate.ExportCertificatePem());
        File.WriteAllText(secret, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(config, $$"""
            listener "tcp" {
              address       = "127.0.0.1:{{port}}"
              tls_cert_file = "{{cert}}"
              tls_key_file  = "{{secret}}"
            }
            """);
        Environment.SetEnvironmentVariable(Variable, cert);

        // By these Go, Python and .NET know whom to trust.
        foreach (string name in new[] { "VAULT_CACERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE" })
        {
            Environment.SetEnvironmentVariable(name, cert);
        }

        return config;
    }

    /// <summary>A handler of .NET's own, for whom <see cref="Trusted"/> is trusted.</summary>
    public static SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };
        if (Trusted is { } file)
        {
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck },
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(file);
        }

        return handler;
    }
}
