using System.Collections;
using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <summary>Copies secrets below a folder, with their histories and metadata where asked, and can prove that each arrived.</summary>
[Cmdlet(VerbsCommon.Copy, "VaultSubtree", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(CopyResult), typeof(CopySummary))]
public sealed partial class CopyVaultSubtree : StreamCmdlet<TreeItem>
{
    /// <summary>The subtrees or secrets to copy.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Uri")]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string SourceUri { get; set; } = "";

    /// <summary>The folder below which the contents of each source land.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string DestinationUri { get; set; } = "";

    /// <summary>The piped object that the reference came from.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
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
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Map { get; set; }

    /// <summary>A file of such rules: a JSON object, with comments, or CSV with the heading source,destination.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MapPath { get; set; }

    /// <summary>Globs of source paths to keep.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Include { get; set; } = [];

    /// <summary>Globs of source paths to leave out.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Exclude { get; set; } = [];

    /// <summary>What to do where the destination has other content.</summary>
    [Parameter]
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

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<TreeItem>, Task>? Prepare()
    {
        var options = new CopyOptions
        {
            SourceStores = Backends.Stores(SourceBackend),
            DestinationStores = Backends.Stores(DestinationBackend),
            DestinationUri = DestinationUri,
            Map = PathRules.Of(Map, MapPath is null ? null : GetUnresolvedProviderPathFromPSPath(MapPath), OnPipelineAsync),
            Include = Include,
            Exclude = Exclude,
            Conflict = Conflict,
            Mirror = Mirror,
            MaxDelete = MaxDelete,
            Verify = Verify,
            ThrottleLimit = ThrottleLimit,
            Audit = Backends.Audit,
        };
        options = WithFidelity(options);
        options.Validate();
        string source = SourceUri.Length > 0 ? SourceUri : "the piped secrets";
        string what = $"Copy {source} below {DestinationUri}{(Mirror ? ", and delete there what the source lacks" : "")}";
        Answer answer = Ask(what, what + "?");
        if (answer == Answer.No)
        {
            return null;
        }

        var copy = new SubtreeCopy(options with { PlanOnly = answer == Answer.PlanOnly }, Reporter);
        return async sources =>
        {
            await WriteRowsAsync(copy.RunAsync(sources, Cancellation), row => WriteUnless(Summary, row));
            if (Summary)
            {
                await WriteAsync(copy.Summary);
            }
        };
    }

    /// <inheritdoc/>
    private protected override IEnumerable<TreeItem> Take() => [TreeInput.Item(SourceUri, InputObject)];
}
