using System.Security;
using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;
using SecretBridge.Stores.Snapshots;

namespace SecretBridge.Backends;

/// <summary>Which snapshot a cmdlet's parameters name, and what opens it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Credential">What opens it; null to be asked for.</param>
/// <param name="Prefix">What stands before the parameters' names.</param>
internal sealed record SnapshotArgument(string Path, SealedFileCredential? Credential, string Prefix)
{
    /// <exception cref="BridgeException">More than one of the three was given, or the variable holds nothing.</exception>
    internal static SnapshotArgument Of(string path, SecureString? passphrase, string? variable, string? keyFile, string prefix = "") =>
        new(path, SealedStoreArgument.CredentialOf(passphrase, variable, keyFile, prefix), prefix);

    /// <summary>The snapshot that a cmdlet's parameters -Snapshot… name; null where none is named.</summary>
    /// <exception cref="BridgeException">As for <see cref="Of"/>; also where what opens a snapshot comes without its file.</exception>
    internal static SnapshotArgument? Find(string? path, SecureString? passphrase, string? variable, string? keyFile, Func<string, string> fullPath) =>
        path is not null ? Of(fullPath(path), passphrase, variable, keyFile is null ? null : fullPath(keyFile), "Snapshot")
        : (passphrase ?? variable ?? (object?)keyFile) is null ? null
        : throw new BridgeException(FaultKind.InvalidArgument, "SnapshotPath", "Give -SnapshotPath with what opens the snapshot.");

    /// <summary>Opens it.</summary>
    /// <exception cref="BridgeException">It cannot be opened, or no passphrase was given.</exception>
    internal async Task<SnapshotStore> OpenAsync(SealedStoreUse user, CancellationToken cancellationToken) =>
        await SnapshotStore.OpenAsync(await FileAsync(user, isNew: false), cancellationToken);

    /// <summary>The file with what opens it, asked for where it was not given.</summary>
    /// <exception cref="BridgeException">No passphrase was given (<see cref="FaultKind.SealedStoreLocked"/>).</exception>
    internal async Task<SnapshotFileOptions> FileAsync(SealedStoreUse user, bool isNew) => new()
    {
        Path = Path,
        Credential = Credential
            ?? await user.AskAsync(isNew ? $"Passphrase for the snapshot '{Path}': " : $"Passphrase of the snapshot '{Path}': ", isNew)
            ?? throw new BridgeException(FaultKind.SealedStoreLocked, Path,
                $"No passphrase was given for '{Path}'. Give -{Prefix}Passphrase, -{Prefix}PassphraseEnv or -{Prefix}KeyFile, or answer the question."),
    };
}
