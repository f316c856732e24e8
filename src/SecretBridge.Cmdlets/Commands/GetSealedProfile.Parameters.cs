using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;

namespace SecretBridge.Commands;

public sealed partial class GetSealedProfile
{
    /// <summary>Keeps profiles with one of these tags; with * and ?, in any case.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Tag { get; set; } = [];

    /// <summary>Keeps profiles of this owner; with * and ?, in any case.</summary>
    [Parameter]
    public string? Owner { get; set; }

    /// <summary>The workflow that will use the profiles; those that do not allow it are refused, or left out where a pattern found them.</summary>
    [Parameter]
    public string? Workflow { get; set; }

    /// <summary>The version to read where a reference names none.</summary>
    [Parameter]
    public int? Version { get; set; }

    /// <summary>Reads no secret: only what stands beside it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Metadata")]
    public SwitchParameter MetadataOnly { get; set; }

    /// <summary>Writes the secrets in clear.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "PlainText")]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>Writes the secrets as secure strings.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "SecureString")]
    public SwitchParameter AsSecureString { get; set; }

    /// <summary>Writes the settings and secrets by name, all sealed, without what is known of the profile.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Hashtable")]
    public SwitchParameter AsHashtable { get; set; }

    /// <summary>Writes a credential of the profile's user name and password.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Credential")]
    public SwitchParameter AsCredential { get; set; }

    /// <summary>The key of the user name; else username, user_name or user, in any case.</summary>
    [Parameter(ParameterSetName = "Credential")]
    public string? UserNameKey { get; set; }

    /// <summary>The key of the password; else password or passwd, in any case.</summary>
    [Parameter(ParameterSetName = "Credential")]
    public string? PasswordKey { get; set; }

    /// <summary>Writes a row for each variable that the profile makes for a child process, its value sealed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "EnvironmentVariable")]
    public SwitchParameter AsEnvironmentVariable { get; set; }

    /// <summary>The file with the routes that references go by; else that of SECRETBRIDGE_ROUTES, else none.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RoutePath { get; set; }

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <summary>How many reads may be in flight.</summary>
    [Parameter]
    public int ThrottleLimit { get; set; } = 16;
}
