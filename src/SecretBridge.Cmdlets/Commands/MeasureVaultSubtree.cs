using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Inventory;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Trees;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Counts subtrees: secrets, folders, versions, deletions, ages, sizes and what is near a limit.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "VaultSubtree", DefaultParameterSetName = "Subtree")]
[OutputType(typeof(SubtreeMeasure))]
public sealed class MeasureVaultSubtree : StreamCmdlet<TreeItem>
{
    /// <summary>The folders to measure, or rows for single secrets.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ReferenceText]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string[] Uri { get; set; } = [];

    /// <summary>The piped object that the reference came from.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>How many folders deep there are rows, each with all below its folder.</summary>
    [Parameter(ParameterSetName = "Subtree")]
    public int Depth { get; set; }

    /// <summary>Gives a row for each folder that holds secrets, with these alone.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Folder")]
    public SwitchParameter ByFolder { get; set; }

    /// <summary>Globs of relative paths to count.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Include { get; set; } = [];

    /// <summary>Globs of relative paths to leave out.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Exclude { get; set; } = [];

    /// <summary>Counts names only: no metadata is read.</summary>
    [Parameter]
    public SwitchParameter NamesOnly { get; set; }

    /// <summary>Reads the latest value of each live secret for its size.</summary>
    [Parameter]
    public SwitchParameter IncludeSize { get; set; }

    /// <summary>From so many bytes a secret is large; 64 KB where nothing is said.</summary>
    [Parameter]
    public long LargeBytes { get; set; } = MeasureOptions.UsualLargeBytes;

    /// <summary>How many requests may be in flight; found out while it runs where no number is given.</summary>
    [Parameter]
    public int? ThrottleLimit { get; set; }

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<TreeItem>, Task> Prepare()
    {
        var measurement = new SubtreeMeasurement(
            new()
            {
                Stores = Backends.Stores(Backend),
                Include = Include,
                Exclude = Exclude,
                Depth = Depth,
                ByFolder = ByFolder,
                NamesOnly = NamesOnly,
                IncludeSize = IncludeSize,
                LargeBytes = LargeBytes,
                ThrottleLimit = ThrottleLimit,
            },
            Reporter);
        return roots => WriteRowsAsync(measurement.RunAsync(roots, Cancellation));
    }

    /// <inheritdoc/>
    private protected override IEnumerable<TreeItem> Take() => Uri.Select(uri => TreeInput.Item(uri, InputObject));

    /// <inheritdoc/>
    private protected override string? Hint(BridgeException fault) => LiteralUri.Hint(fault);
}
