using System.Collections;
using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;

namespace SecretBridge.Commands;

public sealed partial class CompareSecretTree
{
    /// <summary>The subtree that says how it should be.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string ReferenceUri { get; set; } = "";

    /// <summary>The subtree that is held against it.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string DifferenceUri { get; set; } = "";

    /// <summary>The connection for a reference side that names none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? ReferenceBackend { get; set; }

    /// <summary>The connection for a difference side that names none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? DifferenceBackend { get; set; }

    /// <summary>Rules by which paths of the reference side lead to paths of the difference side, as in a copy.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Map { get; set; }

    /// <summary>A file of such rules: a JSON object, with comments, or CSV with the heading source,destination.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MapPath { get; set; }

    /// <summary>Globs of paths to compare.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Include { get; set; } = [];

    /// <summary>Globs of paths to leave out.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Exclude { get; set; } = [];

    /// <summary>Compares metadata too: custom pairs and settings, differences told by name.</summary>
    [Parameter]
    public SwitchParameter IncludeMetadata { get; set; }

    /// <summary>Compares the kept versions too, in order from the oldest.</summary>
    [Parameter]
    public SwitchParameter IncludeVersion { get; set; }

    /// <summary>Compares only the names of keys and their nesting.</summary>
    [Parameter]
    public SwitchParameter KeysOnly { get; set; }

    /// <summary>Top-level keys to leave out on both sides.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] ExcludeKey { get; set; } = [];

    /// <summary>Takes one direction for enough where a side cannot be listed.</summary>
    [Parameter]
    public SwitchParameter OneWay { get; set; }

    /// <summary>Writes a row for equal secrets too.</summary>
    [Parameter(ParameterSetName = "Rows")]
    public SwitchParameter IncludeEqual { get; set; }

    /// <summary>Writes only whether everything was read and is equal.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Quiet")]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Writes one summary instead of rows.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Summary")]
    public SwitchParameter Summary { get; set; }

    /// <summary>The part of both sides to compare, such as 3/8.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Shard { get; set; }

    /// <summary>The most requests a second of this comparison to all servers together.</summary>
    [Parameter]
    public double? RateLimit { get; set; }

    /// <summary>A file that gets progress, warnings and failures as JSON lines.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>How many secrets may be under way; found out while it runs where no number is given.</summary>
    [Parameter]
    public int? ThrottleLimit { get; set; }
}
