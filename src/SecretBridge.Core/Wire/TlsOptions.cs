using System.Security;

namespace SecretBridge.Wire;

/// <summary>How the server's certificate is checked, and which one is shown to it.</summary>
public sealed record TlsOptions
{
    /// <summary>A PEM file of certificate authorities. It replaces the system's: only what it holds is trusted.</summary>
    public string? CaFile { get; init; }

    /// <summary>A folder of PEM files of certificate authorities; used where <see cref="CaFile"/> is not given.</summary>
    public string? CaFolder { get; init; }

    /// <summary>The client certificate: a PEM file, or a PFX file that holds its key.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>The PEM file of the client certificate's key.</summary>
    public string? ClientKey { get; init; }

    /// <summary>The password of a PFX file or an encrypted key.</summary>
    public SecureString? ClientKeyPassword { get; init; }

    /// <summary>The name that the server's certificate must be for, where it is not the address' host. It is sent as SNI and really checked.</summary>
    public string? ServerName { get; init; }

    /// <summary>Takes any certificate. Whoever stands between can then read every secret; each use is warned of.</summary>
    public bool SkipCertificateCheck { get; init; }
}
