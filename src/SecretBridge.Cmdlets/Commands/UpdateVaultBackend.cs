using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Commands;

/// <summary>Renews a connection's token now, or logs in again where it cannot be renewed.</summary>
[Cmdlet(VerbsData.Update, "VaultBackend", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(VaultBackend))]
public sealed class UpdateVaultBackend : StreamCmdlet<VaultBackend>
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
                await backend.RenewAsync(Cancellation);
            }
            catch (BridgeException exception)
            {
                await WriteFaultAsync(exception);
                continue;
            }

            await WriteAsync(backend);
        }
    };

    /// <inheritdoc/>
    private protected override IEnumerable<VaultBackend> Take()
    {
        VaultBackend backend = Backends.Get(Backend);
        return Ask($"Renew the token of {backend}", $"Renew the token of {backend}?") == Answer.Yes ? [backend] : [];
    }
}
