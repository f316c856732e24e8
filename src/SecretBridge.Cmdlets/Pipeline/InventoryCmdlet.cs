using System.Management.Automation;
using System.Security;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Snapshots;
using SecretBridge.Trees;
using SecretBridge.Values;

namespace SecretBridge.Pipeline;

/// <summary>A cmdlet that takes stock of folders and of rows for single secrets, on a server, in a sealed file or in a snapshot.</summary>
public abstract class InventoryCmdlet : StreamCmdlet<TreeItem>
{
    private protected InventoryCmdlet()
    {
    }

    /// <summary>The folders to look at, or rows for single secrets.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(UriCompleter))]
    [ReferenceText]
    public string[] Uri { get; set; } = [];

    /// <summary>The piped object that the reference came from.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Globs of relative paths to look at.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Include { get; set; } = [];

    /// <summary>Globs of relative paths to leave out.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Exclude { get; set; } = [];

    /// <summary>The file of a snapshot; snapshot:// means it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SnapshotPath { get; set; }

    /// <summary>The passphrase of the snapshot.</summary>
    [Parameter]
    public SecureString? SnapshotPassphrase { get; set; }

    /// <summary>The name of an environment variable that holds the passphrase of the snapshot.</summary>
    [Parameter]
    public string? SnapshotPassphraseEnv { get; set; }

    /// <summary>The key file of the snapshot.</summary>
    [Parameter]
    public string? SnapshotKeyFile { get; set; }

    /// <summary>How many requests may be in flight; found out while it runs where no number is given.</summary>
    [Parameter]
    public int? ThrottleLimit { get; set; }

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <summary>The snapshot that the parameters name; null where none is named. Only the pipeline thread may ask.</summary>
    private protected SnapshotArgument? Snapshot =>
        SnapshotArgument.Find(SnapshotPath, SnapshotPassphrase, SnapshotPassphraseEnv, SnapshotKeyFile, GetUnresolvedProviderPathFromPSPath);

    /// <summary>Makes an operation of one that is told which stores there are: those of a snapshot too, which is open while it runs.</summary>
    /// <param name="snapshot">The snapshot; null for none.</param>
    /// <param name="stores">The other stores.</param>
    /// <param name="run">The operation.</param>
    private protected Func<IAsyncEnumerable<TreeItem>, Task> Over(
        SnapshotArgument? snapshot, IStoreResolver stores, Func<IStoreResolver, IAsyncEnumerable<TreeItem>, Task> run) => async roots =>
    {
        using SnapshotStore? open = snapshot is null ? null : await snapshot.OpenAsync(Backends.SealedStore, Cancellation);
        await run(open is null ? stores : new SnapshotResolver(open, stores), roots);
    };

    /// <inheritdoc/>
    private protected override IEnumerable<TreeItem> Take() => Uri.Select(uri => TreeInput.Item(uri, InputObject));

    /// <inheritdoc/>
    private protected override string? Hint(BridgeException fault) => LiteralUri.Hint(fault);
}
