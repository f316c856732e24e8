using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Stores;

namespace SecretBridge.Commands;

/// <summary>Ends connections to ScaiVault. Their tokens live on.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "ScaiVaultBackend", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void))]
public sealed class DisconnectScaiVaultBackend : AsyncCmdlet
{
    /// <summary>The connections; the current one where none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ScaiVaultCompleter))]
    [ValidateNotNull]
    public ScaiVaultArgument? Backend { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Run(() =>
    {
        ScaiVaultBackend backend = Backends.GetScaiVault(Backend);
        if (Ask($"Disconnect {backend}", $"Disconnect {backend}?") == Answer.Yes)
        {
            backend.Disconnect();
            Backends.Registry.ScaiVault.Remove(backend);
        }
    });
}
