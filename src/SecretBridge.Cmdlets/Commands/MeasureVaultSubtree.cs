using System.Management.Automation;
using SecretBridge.Inventory;
using SecretBridge.Pipeline;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <summary>Counts subtrees: secrets, folders, versions, deletions, ages, sizes and what is near a limit.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "VaultSubtree", DefaultParameterSetName = "Subtree")]
[OutputType(typeof(SubtreeMeasure))]
public sealed class MeasureVaultSubtree : InventoryCmdlet
{
    /// <summary>How many folders deep there are rows, each with all below its folder.</summary>
    [Parameter(ParameterSetName = "Subtree")]
    public int Depth { get; set; }

    /// <summary>Gives a row for each folder that holds secrets, with these alone.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Folder")]
    public SwitchParameter ByFolder { get; set; }

    /// <summary>Counts names only: no metadata is read.</summary>
    [Parameter]
    public SwitchParameter NamesOnly { get; set; }

    /// <summary>Reads the latest value of each live secret for its size.</summary>
    [Parameter]
    public SwitchParameter IncludeSize { get; set; }

    /// <summary>From so many bytes a secret is large; 64 KB where nothing is said.</summary>
    [Parameter]
    public long LargeBytes { get; set; } = MeasureOptions.UsualLargeBytes;

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<TreeItem>, Task> Prepare()
    {
        var options = new MeasureOptions
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
        };
        options.Validate();
        return Over(Snapshot, options.Stores, (stores, roots) =>
            WriteRowsAsync(new SubtreeMeasurement(options with { Stores = stores }, Reporter).RunAsync(roots, Cancellation)));
    }
}
