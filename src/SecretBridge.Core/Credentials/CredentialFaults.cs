using SecretBridge.Reporting;

namespace SecretBridge.Credentials;

/// <summary>
/// Tells failures of the store as the identity provider's runbook names them: one id for what could not be read, one for what could
/// not be written. What was wrong with the request, or is simply not there, keeps its own.
/// </summary>
internal static class CredentialFaults
{
    internal static BridgeException Read(BridgeException fault) => Named(FaultKind.VaultReadError, "could not be read", fault);

    internal static BridgeException Write(BridgeException fault) => Named(FaultKind.VaultWriteError, "could not be written", fault);

    private static BridgeException Named(FaultKind kind, string what, BridgeException fault) =>
        fault.Kind is FaultKind.InvalidReference or FaultKind.InvalidPath or FaultKind.InvalidArgument or FaultKind.InvalidPayload or FaultKind.SecretNotFound
            or FaultKind.SecretDeleted or FaultKind.NotConnected or FaultKind.JournalInvalid or FaultKind.AuditFailed
            ? fault
            : new(kind, fault.Target, $"The credential '{fault.Target}' {what} ({fault.Kind}): {fault.Message}{Next(fault)}", fault);

    // The runbook's steps look at the server, and nothing is wrong with that.
    private static string Next(BridgeException fault) => fault.Kind == FaultKind.CheckAndSetMismatch
        ? " It exists already, or somebody wrote it in between: look at it, and decide. Nothing was written."
        : "";
}
