using System.Management.Automation;
using System.Security;
using SecretBridge.Backends;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Commands;

/// <summary>
/// Gives a sealed file another passphrase or key file. Its values are sealed anew in memory and saved at once: the old key opens
/// nothing of it any more, and nothing is written in clear.
/// </summary>
[Cmdlet(VerbsData.Update, "SealedProfileKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SealedStore))]
public sealed class UpdateSealedProfileKey : SealedStoreCmdlet<string>
{
    /// <summary>The passphrase from now on.</summary>
    [Parameter]
    public SecureString? NewPassphrase { get; set; }

    /// <summary>The name of an environment variable that holds the passphrase from now on.</summary>
    [Parameter]
    public string? NewPassphraseEnv { get; set; }

    /// <summary>The key file from now on.</summary>
    [Parameter]
    public string? NewKeyFile { get; set; }

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<string>, Task> PrepareRun()
    {
        SealedFileCredential? given = SealedStoreArgument.CredentialOf(NewPassphrase, NewPassphraseEnv, FullPath(NewKeyFile), "New");
        RememberKey(NewPassphraseEnv);
        return async references =>
        {
            await foreach (string reference in references)
            {
                var store = (SealedFileStore)await Backends.SealedStore.FindAsync(SecretReference.Parse(reference), Cancellation);
                SealedFileCredential credential = given ?? await AskAsync(store);
                await store.ChangeKeyAsync(credential, Cancellation);
                await WriteAsync(store.Describe());
            }
        };
    }

    /// <inheritdoc/>
    private protected override IEnumerable<string> Take()
    {
        string file = FullPath(Path) ?? (Backends.Registry.Builtin as SealedFileStore)?.Path ?? SealedFileLocation.OfProcess();
        return Ask($"Change the key of {file}", $"Change the key of {file}?") == Answer.Yes ? ["builtin://"] : [];
    }

    private async Task<SealedFileCredential> AskAsync(SealedFileStore store) =>
        await Backends.SealedStore.AskTwiceAsync($"New passphrase of '{store.Path}': ") is { } passphrase
            ? SealedFileCredential.FromPassphrase(passphrase)
            : throw new BridgeException(FaultKind.InvalidArgument, nameof(NewPassphrase),
                "No new key was given. Give -NewPassphrase, -NewPassphraseEnv or -NewKeyFile, or answer the question.");
}
