using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>The failures of a sealed file. They name the file and what is wrong, never a name or value in it.</summary>
internal static class SealedFileFault
{
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    internal static BridgeException Damaged(string path, string flaw) =>
        new(FaultKind.SealedFileDamaged, path, $"The sealed file '{path}' is damaged: {flaw}. Bring back a backup of it.");

    internal static BridgeException Truncated(string path, string flaw) =>
        new(FaultKind.SealedFileTruncated, path, $"The sealed file '{path}' is cut off: {flaw}. Bring back a backup of it.");

    internal static BridgeException Tampered(string path, string flaw) =>
        new(FaultKind.SealedFileTampered, path, $"The sealed file '{path}' was changed by somebody without its key: {flaw}. Find out who did, and bring back a backup.");

    internal static BridgeException TooNew(string path, string version) =>
        new(FaultKind.SealedFileTooNew, path, $"The sealed file '{path}' is of format version {version}, and this SecretBridge knows version 1. Update SecretBridge; the file was left as it is.");

    internal static BridgeException WrongKey(string path, SealedKeyKind kind) =>
        new(FaultKind.WrongPassphrase, path, kind == SealedKeyKind.Passphrase
            ? $"The passphrase does not open the sealed file '{path}'."
            : $"The key file is not the one that opens the sealed file '{path}'.");

    internal static BridgeException KeyChanged(string path) =>
        new(FaultKind.WrongPassphrase, path, $"The key of the sealed file '{path}' was changed meanwhile. Open it again with the new one.");

    internal static BridgeException Closed(string path) =>
        new(FaultKind.SealedStoreLocked, path, $"The sealed file '{path}' was closed. Open it again with Connect-SealedStore.");

    internal static BridgeException Busy(string path, string why) =>
        new(FaultKind.SealedFileBusy, path, $"The sealed file '{path}' could not be changed: {why}. Nothing was written; run it again.");

    internal static BridgeException Exposed(string path, string what, string fix) =>
        new(FaultKind.SealedFileExposed, path, $"{what} Find out who could have done so, then run: {fix}");

    internal static BridgeException Failed(string path, string message, Exception? cause = null) => new(FaultKind.SealedFileFailed, path, message, cause);

    /// <summary>A failure of the file system while the file is read or saved.</summary>
    internal static BridgeException Of(string path, string act, Exception exception) => Failed(path, exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"There is no sealed file '{path}'. Connect-SealedStore -Create makes one.",
        UnauthorizedAccessException => $"The sealed file '{path}' cannot be {act}: this user may not do so here. Look at the owner and mode of the file and its folder.",
        IOException { HResult: NoSpace or WindowsDiskFull } => $"The sealed file '{path}' cannot be {act}: there is no space left. The old file is whole; free some space and run it again.",
        IOException { HResult: ReadOnlyFileSystem } => $"The sealed file '{path}' cannot be {act}: its file system is read-only.",
        _ => $"The sealed file '{path}' cannot be {act}: {exception.Message}",
    }, exception);
}
