using System.Diagnostics.CodeAnalysis;
using System.Security;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Backends;

/// <summary>
/// The sealed file that <c>builtin://</c> means in one run of a cmdlet: the one that its parameters name, else the one that the
/// runspace has open, else, where somebody can be asked, the one at the usual place, which stays open in the runspace.
/// </summary>
/// <param name="registry">The runspace's connections.</param>
/// <param name="ask">Asks the user for a passphrase; gives null where there is nobody to ask.</param>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has no wait handle to free.")]
internal sealed class SealedStoreUse(BackendRegistry registry, Func<string, Task<SecureString?>> ask)
{
    private readonly SemaphoreSlim _one = new(1);
    private SealedFileStore? _given;
    private bool _unanswered;

    /// <summary>What the cmdlet's parameters say; null where they say nothing.</summary>
    internal SealedStoreArgument? Argument { get; set; }

    /// <summary>Finds the store, and opens it the first time.</summary>
    /// <exception cref="BridgeException">It is not open and nobody can be asked (<see cref="FaultKind.SealedStoreLocked"/>), or it cannot be opened.</exception>
    internal async ValueTask<ISecretStore> FindAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        // One question for all that run at once.
        await _one.WaitAsync(cancellationToken);
        try
        {
            if ((Argument is null ? registry.Builtin : _given) is { } open)
            {
                return open;
            }

            // Who did not answer once is not asked again for every other reference.
            SealedFileStore? store = _unanswered ? null : await OpenAsync(Argument ?? new(), create: Argument is null, cancellationToken);
            _unanswered = store is null;
            _given = Argument is null ? null : store;
            registry.Builtin = Argument is null ? store : registry.Builtin;
            return store ?? throw BackendRegistry.Locked(reference);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Opens a file, asking for the passphrase where no key was given; null where nobody answers.</summary>
    internal async Task<SealedFileStore?> OpenAsync(SealedStoreArgument argument, bool create, CancellationToken cancellationToken)
    {
        string path = argument.Path ?? SealedFileLocation.OfProcess();
        SealedFileCredential? credential = argument.Credential;
        bool isNew = create && !File.Exists(path);
        credential ??= isNew
            ? await AskAsync($"There is no sealed file '{path}' so far. Passphrase for a new one: ", isNew)
            : await AskAsync($"Passphrase of '{path}': ", isNew);
        return credential is null
            ? null
            : await SealedFileStore.OpenAsync(new() { Path = path, Credential = credential, Create = create }, TimeProvider.System, cancellationToken);
    }

    /// <summary>Asks for the passphrase of a file; null where nobody answers.</summary>
    /// <param name="question">The question.</param>
    /// <param name="isNew">Whether the file is to be made, so that the passphrase is asked for twice.</param>
    internal async Task<SealedFileCredential?> AskAsync(string question, bool isNew) =>
        (isNew ? await AskTwiceAsync(question) : await ask(question)) is { Length: > 0 } passphrase
            ? SealedFileCredential.FromPassphrase(passphrase)
            : null;

    /// <summary>Asks for a new passphrase, and again, so that a slip of the finger locks nobody out.</summary>
    /// <exception cref="BridgeException">The two are not the same.</exception>
    internal async Task<SecureString?> AskTwiceAsync(string question)
    {
        if (await ask(question) is not { Length: > 0 } first || await ask("The same once more: ") is not { } second)
        {
            return null;
        }

        return SealedValue.FromSecureString(first).FixedTimeEquals(SealedValue.FromSecureString(second))
            ? first
            : throw new BridgeException(FaultKind.InvalidArgument, "Passphrase", "The two passphrases are not the same.");
    }

    /// <summary>Closes the file that the parameters named; the runspace's stays open.</summary>
    internal ValueTask CloseAsync() => _given?.DisposeAsync() ?? default;
}
