using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Policies;

namespace SecretBridge.Commands;

/// <content>What the policy is for, and how it is made.</content>
public sealed partial class NewVaultPolicy
{
    /// <summary>What the policy is to allow.</summary>
    [Parameter(Position = 0, ParameterSetName = UriSet)]
    public PolicyOperation For { get; set; }

    /// <summary>The folders or secrets that it is done to; a slash at the end means all below.</summary>
    [Parameter(Position = 1, ParameterSetName = UriSet)]
    [Alias("Uri", "ReferenceUri")]
    [ArgumentCompleter(typeof(UriCompleter))]
    [ValidateNotNull]
    public string[] SourceUri { get; set; } = [];

    /// <summary>The folder on the other side: where a copy goes, or what is compared with.</summary>
    [Parameter(Position = 2, ParameterSetName = UriSet)]
    [Alias("DifferenceUri", "ComparedWith")]
    [ArgumentCompleter(typeof(UriCompleter))]
    [ValidateNotNullOrEmpty]
    public string? DestinationUri { get; set; }

    /// <summary>A plan of a copy, a summary of a comparison, a profile, the health of a connection, or what has a reference.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = UriSet)]
    public PSObject? InputObject { get; set; }

    /// <summary>A plan that Copy-VaultSubtree -AsPlan made: the object, what was read back of it, or the path of its JSON.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PlanSet)]
    [ValidateNotNull]
    public PSObject? Plan { get; set; }

    /// <summary>The connection for source references that name none.</summary>
    [Parameter]
    [Alias("Backend", "ReferenceBackend")]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? SourceBackend { get; set; }

    /// <summary>The connection for references of the other side that name none.</summary>
    [Parameter]
    [Alias("DifferenceBackend", "ComparedBackend")]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? DestinationBackend { get; set; }

    /// <summary>What the policies' names begin with.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The connection will be made with -NoVerify or by a login: the token need not look itself up.</summary>
    [Parameter]
    public SwitchParameter NoVerify { get; set; }

    /// <summary>The run may be longer than the token's lease: the token must renew itself.</summary>
    [Parameter]
    public SwitchParameter Renew { get; set; }

    /// <summary>Has trees listed folder by folder on OpenBao too.</summary>
    [Parameter]
    public SwitchParameter NoScan { get; set; }

    /// <summary>Adds lines that the operation can do without, at the cost of speed or of a rare case.</summary>
    [Parameter]
    public SwitchParameter IncludeOptional { get; set; }

    /// <summary>Writes a name that policies cannot tell from a wildcard all the same.</summary>
    [Parameter]
    public SwitchParameter AllowWider { get; set; }
}
