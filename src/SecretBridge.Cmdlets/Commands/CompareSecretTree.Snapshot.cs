using System.Management.Automation;
using System.Security;
using SecretBridge.Backends;

namespace SecretBridge.Commands;

/// <content>The snapshot that snapshot:// means for this run.</content>
public sealed partial class CompareSecretTree
{
    /// <summary>The file of a snapshot; snapshot:// means it, on either side.</summary>
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

    private SnapshotArgument? Snapshot =>
        SnapshotArgument.Find(SnapshotPath, SnapshotPassphrase, SnapshotPassphraseEnv, SnapshotKeyFile, GetUnresolvedProviderPathFromPSPath);
}
