using System.Collections;
using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Values;

namespace SecretBridge.Commands;

public sealed partial class NewFederationBackend
{
    /// <summary>The name of the backend.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Name { get; set; } = "";

    /// <summary>The address of the Vault server, as ScaiVault reaches it.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public string Address { get; set; } = "";

    /// <summary>How ScaiVault uses it at first, as its guide names it.</summary>
    [Parameter(Mandatory = true)]
    public string Mode { get; set; } = "";

    /// <summary>What kind of server it is.</summary>
    [Parameter]
    public string Type { get; set; } = "hashicorp-vault";

    /// <summary>The namespace there.</summary>
    [Parameter]
    public string? Namespace { get; set; }

    /// <summary>How ScaiVault logs in there: token, approle or kubernetes.</summary>
    [Parameter]
    public string? AuthMethod { get; set; }

    /// <summary>The path, on ScaiVault's side, of the file with the login.</summary>
    [Parameter]
    public string? AuthConfigPath { get; set; }

    /// <summary>Tells ScaiVault not to check that server's certificate; with $false, to check it.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>Further members of the configuration: text, numbers, booleans, secure strings and sealed values.</summary>
    [Parameter]
    [HashtableOfSecrets]
    public IDictionary? Config { get; set; }

    /// <summary>Further members of the configuration, each with the name of an environment variable that holds its value.</summary>
    [Parameter]
    public IDictionary? ConfigEnv { get; set; }

    /// <summary>Which paths lead where.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Map { get; set; }

    /// <summary>The connection to ScaiVault; the current one where none is given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ScaiVaultCompleter))]
    [ValidateNotNull]
    public ScaiVaultArgument? Backend { get; set; }
}
