using System.Management.Automation;
using System.Security;

namespace SecretBridge.Commands;

/// <content>How the server is reached.</content>
public sealed partial class ConnectScaiVaultBackend
{
    /// <summary>A PEM file or a folder of certificate authorities; only these are trusted then.</summary>
    [Parameter]
    public string? CACertificatePath { get; set; }

    /// <summary>The client certificate: a PEM file, or a PFX file that holds its key.</summary>
    [Parameter]
    public string? ClientCertificatePath { get; set; }

    /// <summary>The PEM file of the client certificate's key.</summary>
    [Parameter]
    public string? ClientKeyPath { get; set; }

    /// <summary>The password of a PFX file or an encrypted key.</summary>
    [Parameter]
    public SecureString? ClientKeyPassword { get; set; }

    /// <summary>The name that the server's certificate must be for, where it is not the address' host.</summary>
    [Parameter]
    public string? TlsServerName { get; set; }

    /// <summary>Takes any certificate. Whoever stands between can then read every secret.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>The address of a proxy.</summary>
    [Parameter]
    public string? Proxy { get; set; }

    /// <summary>How long one try of a request may take, in seconds.</summary>
    [Parameter]
    public double? TimeoutSec { get; set; }

    /// <summary>How often a request is tried again.</summary>
    [Parameter]
    public int? MaximumRetryCount { get; set; }

    /// <summary>Requests a second.</summary>
    [Parameter]
    public double? RateLimit { get; set; }
}
