using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Values;

namespace SecretBridge.Commands;

public sealed partial class ResolveSecretReference
{
    /// <summary>The references; with #key that value of the secret.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Uri", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ReferenceText]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string[] Uri { get; set; } = [];

    /// <summary>A reference with placeholders, such as {mount}/data/{orgId}/{kind}.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Template")]
    public string? Template { get; set; }

    /// <summary>What fills the placeholders: hashtables, or objects with properties of their names.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Template", ValueFromPipeline = true)]
    public PSObject[] Value { get; set; } = [];

    /// <summary>The key to take where a reference names none.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Key { get; set; }

    /// <summary>Writes the value in clear; where there is no one value, all by key.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>Writes the value as a secure string; where there is no one value, all by key.</summary>
    [Parameter]
    public SwitchParameter AsSecureString { get; set; }

    /// <summary>Writes the sealed values by key, without what is known of the secret.</summary>
    [Parameter]
    public SwitchParameter AsHashtable { get; set; }

    /// <summary>Reads each time, and keeps nothing.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>Where the server is down, takes a value that is due but still inside its lease.</summary>
    [Parameter]
    public SwitchParameter AllowStale { get; set; }

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
