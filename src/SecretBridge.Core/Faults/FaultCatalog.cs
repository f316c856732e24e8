using SecretBridge.Reporting;
using static SecretBridge.Faults.FaultCategory;

namespace SecretBridge.Faults;

/// <summary>The one place where a kind of failure gets its stable id, its category and its next step.</summary>
public static class FaultCatalog
{
    // The steps of the identity provider's own runbook: health, capabilities, audit devices.
    private const string Runbook =
        "Test-VaultHealth -Detailed says whether the server answers; "
        + "New-VaultPolicy and Test-VaultHealth -Policy what the token lacks; vault audit list where the server tells of the request.";

    private static readonly Dictionary<FaultKind, FaultEntry> Entries = new[]
    {
        Of(FaultKind.Unexpected, NotSpecified, "Run it again with -Verbose and report it with the text of Get-Error."),
        Of(FaultKind.InvalidArgument, InvalidArgument, "Correct the parameter."),
        Of(FaultKind.InvalidReference, InvalidArgument, "Write vault://[backend@]mount/path; inside a name write % # ? @ as %25 %23 %3F %40."),
        Of(FaultKind.InvalidPath, InvalidArgument, "Correct the path; names may not be empty, '.' or '..' and must be printable."),
        Of(FaultKind.InvalidPayload, InvalidData, "Give a JSON object without repeated keys, or a hashtable."),
        Of(FaultKind.NotConnected, ObjectNotFound, "Connect-VaultBackend in this runspace, or pass the backend object with -Backend."),
        Of(FaultKind.NotSupported, NotImplemented, "Use another store or another way; the message says what this one cannot do."),
        Of(FaultKind.SecretNotFound, ObjectNotFound, "Look for the name with Get-VaultSubtree on the folder; names are case-sensitive."),
        Of(FaultKind.SecretDeleted, ObjectNotFound, "Restore-VaultSecret brings a soft-deleted version back; -Version reads an earlier one."),
        Of(FaultKind.UnexpectedAbsence, ObjectNotFound, "Run it again; if it stays so, the token may list the secret but not read it, or the server lost it."),
        Of(FaultKind.MountNotFound, ObjectNotFound, "Check the mount with Get-VaultMount, and the backend's namespace; a token that may see nothing of a mount gets the same answer."),
        Of(FaultKind.NotKeyValueMount, InvalidOperation, "Name a mount of type kv; Get-VaultMount lists them."),
        Of(FaultKind.WrongKvVersion, InvalidOperation, "Let the mount's version be found again: Update-VaultBackend, or connect without -KvVersion."),
        Of(FaultKind.UpgradeInProgress, ResourceBusy, "Wait until the mount is upgraded, then run it again."),
        Of(FaultKind.PermissionDenied, PermissionDenied, "Ask for a policy that allows this path; Test-VaultHealth -Detailed -Path tells what the token may do."),
        Of(FaultKind.TokenInvalid, AuthenticationError, "Log in again with Connect-VaultBackend."),
        Of(FaultKind.LoginFailed, AuthenticationError, "Check role, secret and auth mount; a secret_id may be expired or used up."),
        Of(FaultKind.MfaRequired, AuthenticationError, "Use a login without a second factor, such as AppRole."),
        Of(FaultKind.WrappingMismatch, SecurityError, "Treat it as a security incident: revoke the wrapping token and ask for a new one."),
        Of(FaultKind.WrappingTokenInvalid, SecurityError, "If nobody of yours used it, treat it as a security incident; ask for a new one."),
        Of(FaultKind.OutcomeUnknown, ResourceUnavailable, "Look at the secret's version before you write again."),
        Of(FaultKind.Sealed, ResourceUnavailable, "Have the server unsealed; Test-VaultHealth -WaitSec waits for it."),
        Of(FaultKind.Uninitialized, ResourceUnavailable, "Have the server initialised."),
        Of(FaultKind.NoActiveNode, ResourceUnavailable, "Wait for a leader; Test-VaultHealth -WaitSec does."),
        Of(FaultKind.RateLimited, LimitsExceeded, "Lower -ThrottleLimit or the backend's -RateLimit, or ask for a higher quota."),
        Of(FaultKind.CheckAndSetMismatch, ResourceBusy, "Somebody else wrote in between: read the secret again and decide."),
        Of(FaultKind.CheckAndSetRequired, InvalidOperation, "Name the current version with -CheckAndSet, 0 for a new secret."),
        Of(FaultKind.PayloadTooLarge, LimitsExceeded, "Split the secret, or raise the server's limit."),
        Of(FaultKind.RequestRefused, InvalidOperation, "The message says what the server did not like."),
        Of(FaultKind.NotVault, ProtocolError, "Check the address: a proxy, a portal or a web server answers there."),
        Of(FaultKind.MalformedReply, ProtocolError, "Check what stands between here and the server, and run it again."),
        Of(FaultKind.RedirectRefused, SecurityError, "Connect to the address that the server redirects to, if it is yours."),
        Of(FaultKind.Unreachable, ConnectionError, "Check address, port, proxy and network; Test-VaultHealth -Detailed says where it ends."),
        Of(FaultKind.TlsFailed, SecurityError, "Give the server's CA with -CACertificatePath, or its name with -TlsServerName."),
        Of(FaultKind.Timeout, OperationTimeout, "Run it again with a lower -ThrottleLimit, or a longer -TimeoutSec at Connect-VaultBackend."),
        Of(FaultKind.CircuitOpen, ResourceUnavailable, "Find out with Test-VaultHealth why the server fails, then run it again."),
        Of(FaultKind.ServerError, ResourceUnavailable, "Look for the request id in the server's log, then run it again."),
        Of(FaultKind.Overlap, InvalidArgument, "Choose a destination outside the source, and the other way round."),
        Of(FaultKind.MapCollision, InvalidArgument, "Change the map so that each secret has a place of its own."),
        Of(FaultKind.DestinationExists, ResourceExists, "Look with Compare-SecretTree, then choose another -Conflict."),
        Of(FaultKind.DestinationCannotHold, InvalidData, "Rename it with -Map, leave it out with -Exclude, or use another destination."),
        Of(FaultKind.VerificationFailed, InvalidResult, "Do not rely on the destination: compare, and copy it again."),
        Of(FaultKind.PrecisionLoss, InvalidData, "Write the whole secret instead of merging, or accept rounded numbers with -AllowPrecisionLoss."),
        Of(FaultKind.InvalidProfile, InvalidData, "Give the profile the shape that about_SecretBridge describes."),
        Of(FaultKind.SealedStoreLocked, AuthenticationError, "Connect-SealedStore with -Passphrase, -PassphraseEnv or -KeyFile."),
        Of(FaultKind.WrongPassphrase, AuthenticationError, "Give the right one; after too many tries look whether this is the right file."),
        Of(FaultKind.SealedFileDamaged, InvalidData, "Restore it from a backup; do not write to it."),
        Of(FaultKind.SealedFileTruncated, InvalidData, "Restore it from a backup; do not write to it."),
        Of(FaultKind.SealedFileTampered, SecurityError, "Treat it as a security incident and restore it from a backup."),
        Of(FaultKind.SealedFileTooNew, NotImplemented, "Update SecretBridge; this version will not write to the file."),
        Of(FaultKind.SealedFileExposed, SecurityError, "Run the command that the message names, and change what was sealed if others could read it."),
        Of(FaultKind.SealedFileBusy, ResourceBusy, "Run it again when the other process is done."),
        Of(FaultKind.SealedFileFailed, ResourceUnavailable, "Look at the path, then at disk space and rights of the file and its folder."),
        Of(FaultKind.WorkflowNotAllowed, PermissionDenied, "Ask the owner of the profile, or use a profile made for the workflow."),
        Of(FaultKind.InvalidConfiguration, InvalidData, "Correct the file where the message says."),
        Of(FaultKind.AuditFailed, ResourceUnavailable, "Make the audit file writable, or connect without an audit trail."),
        Of(FaultKind.RemovalRefused, InvalidOperation, "Compare again and look at what differs; the message says what was missing."),
        Of(FaultKind.PlanOutdated, InvalidOperation, "Make a new plan and have it reviewed."),
        Of(FaultKind.JournalInvalid, InvalidData, "Give the journal of this very run, or begin without one."),
        Of(FaultKind.VaultReadError, ResourceUnavailable, Runbook),
        Of(FaultKind.VaultWriteError, ResourceUnavailable, Runbook),
    }.ToDictionary(entry => entry.Kind);

    /// <summary>Every entry, in the order of the kinds.</summary>
    public static IReadOnlyList<FaultEntry> All { get; } = Entries.Values.OrderBy(entry => entry.Kind).ToArray();

    /// <summary>The entry of a kind; that of <see cref="FaultKind.Unexpected"/> for a number that is none.</summary>
    public static FaultEntry Find(FaultKind kind) => Entries.TryGetValue(kind, out FaultEntry? entry) ? entry : Entries[FaultKind.Unexpected];

    private static FaultEntry Of(FaultKind kind, FaultCategory category, string advice) => new(kind, $"SecretBridge.{kind}", category, advice);
}
