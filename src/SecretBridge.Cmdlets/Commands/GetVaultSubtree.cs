using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Trees;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Lists the secrets below folders, by name; with -Detailed also their version and state.</summary>
[Cmdlet(VerbsCommon.Get, "VaultSubtree")]
[OutputType(typeof(SecretEntry))]
public sealed class GetVaultSubtree : StreamCmdlet<TreeItem>
{
    /// <summary>The folders to walk, or single secrets.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ReferenceText]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string[] Uri { get; set; } = [];

    /// <summary>The piped object that the reference came from.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Globs of relative paths to keep.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Include { get; set; } = [];

    /// <summary>Globs of relative paths to leave out.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Exclude { get; set; } = [];

    /// <summary>How many folders deep to go.</summary>
    [Parameter]
    public int? Depth { get; set; }

    /// <summary>Reads each secret's metadata for version, state and times.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

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
        var walk = new SubtreeWalk(
            new()
            {
                Stores = Backends.Stores(Backend),
                Include = Include,
                Exclude = Exclude,
                Depth = Depth,
                Detailed = Detailed,
                ThrottleLimit = ThrottleLimit,
            },
            Reporter);
        return roots => WriteRowsAsync(walk.RunAsync(roots, Cancellation));
    }

    /// <inheritdoc/>
    private protected override IEnumerable<TreeItem> Take() => Uri.Select(uri => TreeInput.Item(uri, InputObject));

    /// <inheritdoc/>
    private protected override string? Hint(BridgeException fault) => LiteralUri.Hint(fault);
}
