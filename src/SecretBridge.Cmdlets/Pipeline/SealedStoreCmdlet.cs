using System.Management.Automation;
using System.Security;
using SecretBridge.Backends;

namespace SecretBridge.Pipeline;

/// <summary>
/// A cmdlet with parameters for a sealed file. Where one of them is given, <c>builtin://</c> means that file for this run, and
/// it is closed at the run's end.
/// </summary>
/// <typeparam name="TItem">What the operation takes.</typeparam>
public abstract class SealedStoreCmdlet<TItem> : StreamCmdlet<TItem>
{
    private protected SealedStoreCmdlet()
    {
    }

    /// <summary>The sealed file; else SECRETBRIDGE_STORE, else the place for a user's data on this platform.</summary>
    [Parameter]
    public string? Path { get; set; }

    /// <summary>The passphrase of the sealed file.</summary>
    [Parameter]
    public SecureString? Passphrase { get; set; }

    /// <summary>The name of an environment variable that holds the passphrase.</summary>
    [Parameter]
    public string? PassphraseEnv { get; set; }

    /// <summary>A key file instead of a passphrase: 32 bytes to 64 KiB, readable by its owner alone.</summary>
    [Parameter]
    public string? KeyFile { get; set; }

    /// <summary>What the parameters say; null where none was given.</summary>
    private protected SealedStoreArgument? SealedStoreArgument => Path is null && Passphrase is null && PassphraseEnv is null && KeyFile is null
        ? null
        : new(FullPath(Path), SealedStoreArgument.CredentialOf(Passphrase, PassphraseEnv, FullPath(KeyFile)));

    /// <inheritdoc/>
    private protected sealed override Func<IAsyncEnumerable<TItem>, Task>? Prepare()
    {
        Backends.SealedStore.Argument = SealedStoreArgument;
        RememberKey(PassphraseEnv);
        return PrepareRun();
    }

    /// <summary>Makes the operation, as <see cref="StreamCmdlet{TItem}.Prepare"/> does; builtin:// is settled by then.</summary>
    private protected abstract Func<IAsyncEnumerable<TItem>, Task>? PrepareRun();

    /// <summary>Keeps a variable that holds a passphrase from the commands that this runspace runs from now on.</summary>
    private protected void RememberKey(string? variable)
    {
        if (variable is not null)
        {
            Backends.Registry.KeyVariables.Add(variable);
        }
    }

    private protected string? FullPath(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);
}
