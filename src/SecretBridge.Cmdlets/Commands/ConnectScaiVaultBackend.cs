using System.Management.Automation;
using System.Security;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Connects to ScaiVault and makes that what scaivault:// references of this runspace mean. Nothing is sent yet.</summary>
[Cmdlet(VerbsCommunications.Connect, "ScaiVaultBackend", DefaultParameterSetName = "Token")]
[OutputType(typeof(ScaiVaultBackend))]
public sealed partial class ConnectScaiVaultBackend : AsyncCmdlet
{
    /// <summary>The server's address, such as https://scaivault.example.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Address { get; set; } = "";

    /// <summary>The token.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Token")]
    public SecureString? Token { get; set; }

    /// <summary>The name of an environment variable that holds the token.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Variable")]
    [ValidateNotNullOrEmpty]
    public string TokenEnv { get; set; } = "";

    /// <summary>The name that references use for the connection.</summary>
    [Parameter]
    public string Name { get; set; } = "default";

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        ScaiVaultBackend backend = ScaiVaultBackend.Connect(Options(), TimeProvider.System);
        CheckReplacement(backend);
        if (SkipCertificateCheck)
        {
            WriteWarning($"The certificate of {backend.Address} is not checked: whoever stands between can read every secret.");
        }

        if (backend.ClearTextWarning is { } warning)
        {
            WriteWarning(warning);
        }

        Backends.Registry.ScaiVault.Add(backend)?.Disconnect();
        WriteObject(backend);
    });

    private ScaiVaultOptions Options()
    {
        bool isFolder = Full(CACertificatePath) is { } path && Directory.Exists(path);
        var options = new ScaiVaultOptions
        {
            Name = Name,
            Address = Address,
            Token = Token ?? SecretVariable.Read(TokenEnv, nameof(TokenEnv)),
            Tls = new()
            {
                CaFile = isFolder ? null : Full(CACertificatePath),
                CaFolder = isFolder ? Full(CACertificatePath) : null,
                ClientCertificate = Full(ClientCertificatePath),
                ClientKey = Full(ClientKeyPath),
                ClientKeyPassword = ClientKeyPassword,
                ServerName = TlsServerName,
                SkipCertificateCheck = SkipCertificateCheck,
            },
            Proxy = Proxy,
            RateLimit = RateLimit,
        };
        return options with
        {
            MaxRetries = MaximumRetryCount ?? options.MaxRetries,
            RequestTimeout = TimeoutSec is { } seconds ? Seconds.Of(seconds, nameof(TimeoutSec)) : options.RequestTimeout,
        };
    }

    // Rows found through a connection name it: where its name comes to mean another server, they would silently lead there.
    private void CheckReplacement(ScaiVaultBackend backend)
    {
        if (Backends.Registry.ScaiVault.Find(Name) is not { } before || before.Address == backend.Address)
        {
            return;
        }

        if (!MyInvocation.BoundParameters.ContainsKey(nameof(Name)))
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Name),
                $"'{Name}' is connected to {before.Address}, and this is {backend.Address}. Give it a name of its own with -Name, say -Name {Name} to replace the other, or disconnect that first.");
        }

        WriteWarning($"'{Name}' was connected to {before.Address} and now means {backend.Address}; rows and references that name '{Name}' lead there.");
    }

    private string? Full(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);
}
