using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>Turns <see cref="TlsOptions"/> into what a connection needs, and remembers when the server's certificate ends.</summary>
internal sealed class TlsSetup : IDisposable
{
    private readonly List<X509Certificate2> _owned = [];
    private long _expiresTicks;

    private TlsSetup(TlsOptions options) => Options = options;

    public TlsOptions Options { get; }

    public SslClientAuthenticationOptions Ssl { get; } = new();

    /// <summary>When the certificate that the server last showed ends.</summary>
    public DateTimeOffset? CertificateExpires =>
        Interlocked.Read(ref _expiresTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Reads the files that the options name.</summary>
    /// <exception cref="BridgeException">A file cannot be read or holds no certificate (<see cref="FaultKind.TlsFailed"/>).</exception>
    public static TlsSetup From(TlsOptions options)
    {
        var setup = new TlsSetup(options);
        setup.Ssl.RemoteCertificateValidationCallback = setup.Validate;
        if (options.CaFile is not null || options.CaFolder is not null)
        {
            setup.TrustOnly(options.CaFile is { } file ? [file] : Files(options.CaFolder!), options.CaFile ?? options.CaFolder!);
        }

        if (options.ClientCertificate is not null)
        {
            X509Certificate2 client = Read(options.ClientCertificate, () => ReadClient(options));
            setup._owned.Add(client);
            setup.Ssl.ClientCertificates = [client];
            // Whatever authorities the server hints at: it may not know the one that signed ours.
            setup.Ssl.LocalCertificateSelectionCallback = (_, _, _, _, _) => client;
        }

        return setup;
    }

    public void Dispose() => _owned.ForEach(certificate => certificate.Dispose());

    private static string[] Files(string folder) => Read(folder, () => Directory.GetFiles(folder));

    private static T Read<T>(string source, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new BridgeException(FaultKind.TlsFailed, source, $"'{source}' cannot be read as a certificate: {exception.GetType().Name}.");
        }
    }

    private static X509Certificate2 ReadClient(TlsOptions options)
    {
        string file = options.ClientCertificate!;
        string? password = options.ClientKeyPassword is { } secure ? SecretText.Of(secure).Reveal() : null;
        if (options.ClientKey is null && !File.ReadAllText(file).Contains("-----BEGIN", StringComparison.Ordinal))
        {
            return new X509Certificate2(file, password);
        }

        using X509Certificate2 pem = password is null
            ? X509Certificate2.CreateFromPemFile(file, options.ClientKey)
            : X509Certificate2.CreateFromEncryptedPemFile(file, password, options.ClientKey);
        // Windows' TLS cannot use a key that was never in a key store.
        return new X509Certificate2(pem.Export(X509ContentType.Pkcs12));
    }

    private void TrustOnly(string[] files, string source)
    {
        var authorities = new X509Certificate2Collection();
        foreach (string file in files)
        {
            Read(file, () =>
            {
                authorities.ImportFromPemFile(file);
                return 0;
            });
        }

        if (authorities.Count == 0)
        {
            throw new BridgeException(FaultKind.TlsFailed, source, $"'{source}' holds no PEM certificate.");
        }

        _owned.AddRange(authorities);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ExtraStore.AddRange(authorities);
        Ssl.CertificateChainPolicy = policy;
    }

    private bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is X509Certificate2 server)
        {
            Interlocked.Exchange(ref _expiresTicks, server.NotAfter.ToUniversalTime().Ticks);
        }

        if (Options.SkipCertificateCheck)
        {
            return true;
        }

        // The pool checks the name of the Host header, which is the server name asked for; this checks it once more, so
        // that the override holds whatever name the pool took.
        return errors == SslPolicyErrors.None
            && (Options.ServerName is null || (certificate is X509Certificate2 named && named.MatchesHostname(Options.ServerName)));
    }
}
