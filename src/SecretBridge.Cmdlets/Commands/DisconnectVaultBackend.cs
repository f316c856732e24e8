using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
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
    public BackendArgument? Backend { get; set; }

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<VaultBackend>, Task> Prepare() => async backends =>
    {
        await foreach (VaultBackend backend in backends)
        {
            await backend.DisconnectAsync(Cancellation);
        }
    };

    /// <inheritdoc/>
    private protected override IEnumerable<VaultBackend> Take()
    {
        VaultBackend backend = Backends.Get(Backend);
        if (Ask($"Disconnect {backend}", $"Disconnect {backend}?") != Answer.Yes)
        {
            return [];
        }

        if (Backends.Registry.Backends.Contains(backend))
        {
            Backends.Registry.Remove(backend.Name);
        }

        return [backend];
    }
}
