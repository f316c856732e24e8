using System.Collections;
using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <summary>Compares two subtrees without showing a value. Writes nothing where all is equal.</summary>
[Cmdlet(VerbsData.Compare, "SecretTree", DefaultParameterSetName = "Rows")]
[OutputType(typeof(TreeDifference), ParameterSetName = ["Rows"])]
[OutputType(typeof(bool), ParameterSetName = ["Quiet"])]
[OutputType(typeof(ComparisonSummary), ParameterSetName = ["Summary"])]
public sealed class CompareSecretTree : AsyncCmdlet
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

    /// <summary>Writes a row for equal secrets too.</summary>
    [Parameter(ParameterSetName = "Rows")]
    public SwitchParameter IncludeEqual { get; set; }

    /// <summary>Writes only whether everything was read and is equal.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Quiet")]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Writes one summary instead of rows.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Summary")]
    public SwitchParameter Summary { get; set; }

    /// <summary>How many secrets may be under way.</summary>
    [Parameter]
    public int ThrottleLimit { get; set; } = 16;

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        var comparison = new TreeComparison(
            new()
            {
                ReferenceStores = Backends.Stores(ReferenceBackend),
                DifferenceStores = Backends.Stores(DifferenceBackend),
                ReferenceUri = ReferenceUri,
                DifferenceUri = DifferenceUri,
                Map = PathRules.Of(Map, MapPath is null ? null : GetUnresolvedProviderPathFromPSPath(MapPath), OnPipelineAsync),
                Include = Include,
                Exclude = Exclude,
                IncludeEqual = IncludeEqual,
                ThrottleLimit = ThrottleLimit,
            },
            Reporter);
        Start(async () =>
        {
            await WriteRowsAsync(comparison.RunAsync(Cancellation), row => WriteUnless(Quiet || Summary, row));
            if (Quiet)
            {
                await WriteAsync(comparison.Summary.IsClean);
            }
            else if (Summary)
            {
                await WriteAsync(comparison.Summary);
            }
        });
        Finish();
    });
}
