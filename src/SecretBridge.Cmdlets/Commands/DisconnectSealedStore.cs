using System.Management.Automation;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Commands;

/// <summary>Closes the sealed file of this runspace and forgets its key. The file stays as it is.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "SealedStore", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void))]
public sealed class DisconnectSealedStore : AsyncCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        ISecretStore store = Backends.Registry.Builtin
            ?? throw new BridgeException(FaultKind.NotConnected, "builtin://", "No sealed file is open in this runspace.");
        string file = (store as SealedFileStore)?.Path ?? store.Root.ToString();
        if (Ask($"Close {file}", $"Close {file}?") != Answer.Yes)
        {
            return;
        }

        Start(async () =>
        {
            Backends.Registry.Builtin = null;
            if (store is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }
        });
        Finish();
    });
}
