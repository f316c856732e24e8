using System.Collections;
using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Values;

namespace SecretBridge.Commands;

public sealed partial class RemoveVaultSubtree
{
    /// <summary>A row of Compare-SecretTree -IncludeEqual.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Rows")]
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Force", DontShow = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>The subtree to remove; with -Force also single secrets.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Compared")]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Force")]
    [ReferenceText]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string Uri { get; set; } = "";

    /// <summary>The subtree that must hold all of it. Any difference, and nothing is removed.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Compared")]
    [ArgumentCompleter(typeof(UriCompleter))]
    [ValidateNotNullOrEmpty]
    public string? ComparedWith { get; set; }

    /// <summary>Removes without any comparison.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Force")]
    public SwitchParameter Force { get; set; }

    /// <summary>How many secrets may be removed. Where there are more, none is.</summary>
    [Parameter]
    public int MaxDelete { get; set; }

    /// <summary>Refuses to remove anything that somebody read or wrote since then, as the server's audit log tells it.</summary>
    [Parameter]
    public DateTimeOffset? NotReadSince { get; set; }

    /// <summary>Files and folders of the server's audit log, for -NotReadSince.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] AuditLog { get; set; } = [];

    /// <summary>Audit trails of SecretBridge, by which its own requests are told apart; that of this session where none is named.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] BridgeAudit { get; set; } = [];

    /// <summary>Destroys the versions for good; metadata stays.</summary>
    [Parameter]
    public SwitchParameter Destroy { get; set; }

    /// <summary>Removes all versions and the metadata for good.</summary>
    [Parameter]
    public SwitchParameter AllVersions { get; set; }

    /// <summary>Rules by which paths of the subtree lead to paths of the other one, as in the copy.</summary>
    [Parameter(ParameterSetName = "Compared")]
    [ValidateNotNull]
    public IDictionary? Map { get; set; }

    /// <summary>A file of such rules: a JSON object, with comments, or CSV with the heading source,destination.</summary>
    [Parameter(ParameterSetName = "Compared")]
    [ValidateNotNullOrEmpty]
    public string? MapPath { get; set; }

    /// <summary>Requires equal metadata too.</summary>
    [Parameter(ParameterSetName = "Compared")]
    public SwitchParameter IncludeMetadata { get; set; }

    /// <summary>Requires equal histories too.</summary>
    [Parameter(ParameterSetName = "Compared")]
    public SwitchParameter IncludeVersion { get; set; }

    /// <summary>Globs of relative paths to remove.</summary>
    [Parameter(ParameterSetName = "Compared")]
    [Parameter(ParameterSetName = "Force")]
    [ValidateNotNull]
    public string[] Include { get; set; } = [];

    /// <summary>Globs of relative paths to leave.</summary>
    [Parameter(ParameterSetName = "Compared")]
    [Parameter(ParameterSetName = "Force")]
    [ValidateNotNull]
    public string[] Exclude { get; set; } = [];

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <summary>The connection for the other side where it names none.</summary>
    [Parameter(ParameterSetName = "Compared")]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? ComparedBackend { get; set; }

    /// <summary>The most requests a second of this removal to all servers together.</summary>
    [Parameter]
    public double? RateLimit { get; set; }

    /// <summary>A file that gets progress, warnings and failures as JSON lines.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>How many secrets may be under way; found out while it runs where no number is given.</summary>
    [Parameter]
    public int? ThrottleLimit { get; set; }

    /// <summary>Writes one summary instead of a row a secret.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }
}
