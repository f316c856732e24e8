using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Commands;

/// <summary>
/// Opens a sealed file for this runspace: builtin:// means it from then on. The passphrase is not kept, the key made of it is.
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "SealedStore")]
[OutputType(typeof(SealedStore))]
public sealed class ConnectSealedStore : SealedStoreCmdlet<string>
{
    /// <summary>Makes the file, and its folder, where there is none.</summary>
    [Parameter]
    public SwitchParameter Create { get; set; }

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<string>, Task> PrepareRun() => async paths =>
    {
        await foreach (string path in paths)
        {
            SealedStoreArgument argument = (SealedStoreArgument ?? new()) with { Path = path };
            SealedFileStore store = await Backends.SealedStore.OpenAsync(argument, Create, Cancellation)
                ?? throw new BridgeException(FaultKind.SealedStoreLocked, path,
                    $"'{path}' was not opened: no passphrase was given. Give -Passphrase, -PassphraseEnv or -KeyFile, or answer the question.");
            var before = Backends.Registry.Builtin as IAsyncDisposable;
            Backends.Registry.Builtin = store;
            if (before is not null)
            {
                await before.DisposeAsync();
            }

            await WriteAsync(store.Describe());
        }
    };

    /// <inheritdoc/>
    private protected override IEnumerable<string> Take() => [FullPath(Path) ?? SealedFileLocation.OfProcess()];
}
