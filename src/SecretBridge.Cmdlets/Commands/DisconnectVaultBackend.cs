using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Commands;

/// <summary>Ends connections, and revokes the tokens that their logins obtained. A token that was given lives on.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "VaultBackend", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void))]
public sealed class DisconnectVaultBackend : StreamCmdlet<VaultBackend>
{
    /// <summary>The connections; the current one where none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<VaultBackend>, Task> Prepare() => async backends =>
    {
        await foreach (VaultBackend backend in backends)
        {
            try
            {
                await backend.DisconnectAsync(Cancellation);
            }
            catch (BridgeException exception)
            {
                // It is not used any more, but its token may live on: the others are ended all the same.
                await WriteFaultAsync(exception);
            }
            finally
            {
                Forget(backend);
            }
        }
    };

    /// <inheritdoc/>
    private protected override IEnumerable<VaultBackend> Take()
    {
        VaultBackend backend = Backends.Get(Backend);
        return Ask($"Disconnect {backend}", $"Disconnect {backend}?") == Answer.Yes ? [backend] : [];
    }

    private void Forget(VaultBackend backend)
    {
        // Another connection may have the name by now.
        if (Backends.Registry.Backends.Contains(backend))
        {
            Backends.Registry.Remove(backend.Name);
        }
    }
}
