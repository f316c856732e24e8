using System.Management.Automation;
using System.Security;
using SecretBridge.Configuration;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Commands;

public sealed partial class ConnectVaultBackend
{
    /// <summary>The namespace of all secrets.</summary>
    [Parameter]
    public string? Namespace { get; set; }

    /// <summary>The namespace of the login, where it is another one.</summary>
    [Parameter]
    public string? AuthNamespace { get; set; }

    /// <summary>The mount that bare names stand in.</summary>
    [Parameter]
    public string? DefaultMount { get; set; }

    /// <summary>The KV version of mounts, where the server does not tell it.</summary>
    [Parameter]
    public int? KvVersion { get; set; }

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

    private ConnectOptions Options(VaultEnvironment environment, BridgeConfiguration? file, VaultAuth auth)
    {
        var options = new ConnectOptions
        {
            Name = Name,
            Address = Address ?? file?.Address ?? environment.Address ?? throw new BridgeException(FaultKind.InvalidArgument, nameof(Address),
                "No address was given and neither BAO_ADDR nor VAULT_ADDR is set; none is guessed."),
            Auth = auth,
            Namespace = Namespace ?? file?.Namespace ?? environment.Namespace,
            AuthNamespace = AuthNamespace,
            DefaultMount = DefaultMount ?? file?.DefaultMount ?? environment.DefaultMount,
            KvVersion = KvVersion,
            Tls = Tls(environment.Tls, file?.TlsVerify),
            Proxy = Proxy ?? environment.Proxy,
            RateLimit = RateLimit ?? environment.RateLimit,
            RateBurst = RateLimit is null ? environment.RateBurst : null,
            NoVerify = NoVerify,
            ConfigurationKind = file?.KindName,
            PathMap = file?.PathMap ?? [],
            PathTemplate = file?.PathTemplate,
            CaptureRequestId = file?.CaptureRequestId ?? true,
        };
        return options with
        {
            MaxRetries = MaximumRetryCount ?? environment.MaxRetries ?? options.MaxRetries,
            RequestTimeout = TimeoutSec is { } seconds ? Seconds.Of(seconds, nameof(TimeoutSec)) : environment.ClientTimeout ?? options.RequestTimeout,
        };
    }

    private TlsOptions Tls(TlsOptions environment, bool? verify)
    {
        bool isFolder = Full(CACertificatePath) is { } path && Directory.Exists(path);
        return environment with
        {
            CaFile = CACertificatePath is null ? environment.CaFile : isFolder ? null : Full(CACertificatePath),
            CaFolder = CACertificatePath is null ? environment.CaFolder : isFolder ? Full(CACertificatePath) : null,
            ClientCertificate = Full(ClientCertificatePath) ?? environment.ClientCertificate,
            ClientKey = ClientCertificatePath is null ? environment.ClientKey : Full(ClientKeyPath),
            ClientKeyPassword = ClientKeyPassword ?? environment.ClientKeyPassword,
            ServerName = TlsServerName ?? environment.ServerName,
            SkipCertificateCheck = IsGiven(nameof(SkipCertificateCheck)) ? SkipCertificateCheck : verify is null ? environment.SkipCertificateCheck : verify == false,
        };
    }

    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private string? Full(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);
}
