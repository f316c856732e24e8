using System.Collections;
using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Trees;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <content>What to copy, where to, and what to do where something is there.</content>
public sealed partial class CopyVaultSubtree
{
    private const string TreeSet = "Tree";
    private const string PlanSet = "Plan";

    /// <summary>The subtrees or secrets to copy.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = TreeSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Uri")]
    [ReferenceText]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string SourceUri { get; set; } = "";

    /// <summary>The folder below which the contents of each source land.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = TreeSet)]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string DestinationUri { get; set; } = "";

    /// <summary>The piped object that the reference came from.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = TreeSet, DontShow = true)]
    public PSObject? InputObject { get; set; }

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
    [Parameter(ParameterSetName = TreeSet)]
    [ValidateNotNull]
    public IDictionary? Map { get; set; }

    /// <summary>A file of such rules: a JSON object, with comments, or CSV with the heading source,destination.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    [ValidateNotNullOrEmpty]
    public string? MapPath { get; set; }

    /// <summary>Globs of source paths to keep.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    [ValidateNotNull]
    public string[] Include { get; set; } = [];

    /// <summary>Globs of source paths to leave out.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    [ValidateNotNull]
    public string[] Exclude { get; set; } = [];

    /// <summary>What to do where the destination has other content.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    public ConflictPolicy Conflict { get; set; }

    /// <summary>Reads back what was written.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>How many secrets may be under way; found out while it runs where no number is given.</summary>
    [Parameter]
    public int? ThrottleLimit { get; set; }

    /// <summary>Writes one summary instead of a row a secret.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }
}
