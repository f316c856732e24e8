using System.Collections;
using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Trees;
using SecretBridge.Values;

namespace SecretBridge.Commands;

public sealed partial class MoveVaultSubtree
{
    /// <summary>The subtrees or secrets to move.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Uri")]
    [ReferenceText]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string SourceUri { get; set; } = "";

    /// <summary>The folder below which the contents of each source land.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string DestinationUri { get; set; } = "";

    /// <summary>The piped object that the reference came from.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>How many secrets may go from the source. Where more were copied, none goes.</summary>
    [Parameter]
    public int MaxDelete { get; set; }

    /// <summary>Refuses to move anything that somebody read or wrote since then, as the server's audit log tells it.</summary>
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

    /// <summary>Destroys the moved versions at the source for good; metadata stays.</summary>
    [Parameter]
    public SwitchParameter Destroy { get; set; }

    /// <summary>Removes all versions and the metadata from the source for good.</summary>
    [Parameter]
    public SwitchParameter AllVersions { get; set; }

    /// <summary>The connection for source references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? SourceBackend { get; set; }

    /// <summary>The connection for a destination that names none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? DestinationBackend { get; set; }

    /// <summary>Rules that lead source paths to other destination paths; several globs need an ordered hashtable.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Map { get; set; }

    /// <summary>A file of such rules: a JSON object, with comments, or CSV with the heading source,destination.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MapPath { get; set; }

    /// <summary>Globs of source paths to move.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Include { get; set; } = [];

    /// <summary>Globs of source paths to leave.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Exclude { get; set; } = [];

    /// <summary>What to do where the destination has other content.</summary>
    [Parameter]
    public ConflictPolicy Conflict { get; set; }

    /// <summary>How many secrets may be under way; found out while it runs where no number is given.</summary>
    [Parameter]
    public int? ThrottleLimit { get; set; }

    /// <summary>Writes a summary of the copy and one of the removal instead of rows.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }
}
