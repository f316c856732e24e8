namespace SecretBridge.Reporting;

/// <summary>
/// What went wrong, in terms a caller can act on. The Faults catalog gives each kind its stable error id, category and advice.
/// </summary>
public enum FaultKind
{
    /// <summary>A failure that no other kind describes.</summary>
    Unexpected = 0,

    /// <summary>A parameter or option that cannot be right.</summary>
    InvalidArgument,

    /// <summary>A reference that does not parse.</summary>
    InvalidReference,

    /// <summary>A path that a server would refuse or change.</summary>
    InvalidPath,

    /// <summary>A payload that is not a JSON object, repeats a key or holds a lone surrogate.</summary>
    InvalidPayload,

    /// <summary>No backend of that name is connected.</summary>
    NotConnected,

    /// <summary>The store cannot do this.</summary>
    NotSupported,

    /// <summary>No secret at that path or version.</summary>
    SecretNotFound,

    /// <summary>The latest version is deleted or destroyed.</summary>
    SecretDeleted,

    /// <summary>A secret that its metadata has cannot be read.</summary>
    UnexpectedAbsence,

    /// <summary>No such mount, or none that the token may see: servers answer both alike.</summary>
    MountNotFound,

    /// <summary>The mount is not of a kind that holds key-value secrets.</summary>
    NotKeyValueMount,

    /// <summary>The call does not fit the KV version of the mount.</summary>
    WrongKvVersion,

    /// <summary>A KV mount is being upgraded to version 2; it answers again in a moment.</summary>
    UpgradeInProgress,

    /// <summary>The token is valid, its policies do not allow this.</summary>
    PermissionDenied,

    /// <summary>The token is missing, expired, revoked or used up.</summary>
    TokenInvalid,

    /// <summary>A login was refused.</summary>
    LoginFailed,

    /// <summary>A login wants a second factor, which is not supported.</summary>
    MfaRequired,

    /// <summary>A wrapping token was made elsewhere than its role's secret-id endpoint: somebody may have replaced it.</summary>
    WrappingMismatch,

    /// <summary>A wrapping token is used, expired or unknown: somebody may have unwrapped it before.</summary>
    WrappingTokenInvalid,

    /// <summary>A request was sent, its reply was lost, and whether it took effect cannot be told.</summary>
    OutcomeUnknown,

    /// <summary>The server or namespace is sealed.</summary>
    Sealed,

    /// <summary>The server is not initialised.</summary>
    Uninitialized,

    /// <summary>No active node answers.</summary>
    NoActiveNode,

    /// <summary>A quota was exceeded.</summary>
    RateLimited,

    /// <summary>Somebody else wrote in between.</summary>
    CheckAndSetMismatch,

    /// <summary>The mount or secret wants check-and-set.</summary>
    CheckAndSetRequired,

    /// <summary>The request or value is larger than the server takes.</summary>
    PayloadTooLarge,

    /// <summary>The server refused the request as wrong.</summary>
    RequestRefused,

    /// <summary>Something answered that is not Vault: a proxy, a portal, a web server.</summary>
    NotVault,

    /// <summary>A reply broke off or could not be understood.</summary>
    MalformedReply,

    /// <summary>The server redirects to where the token must not go.</summary>
    RedirectRefused,

    /// <summary>The server cannot be reached.</summary>
    Unreachable,

    /// <summary>TLS could not be agreed, or the certificate does not hold.</summary>
    TlsFailed,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>Too many failures in a row: the backend is left alone for a while.</summary>
    CircuitOpen,

    /// <summary>The server failed.</summary>
    ServerError,

    /// <summary>Source and destination overlap.</summary>
    Overlap,

    /// <summary>Two sources map to one destination, or a map sends a name nowhere.</summary>
    MapCollision,

    /// <summary>A destination exists and the conflict policy does not allow to change it.</summary>
    DestinationExists,

    /// <summary>The destination store cannot hold this name or value.</summary>
    DestinationCannotHold,

    /// <summary>What was read back is not what was written.</summary>
    VerificationFailed,

    /// <summary>A number would lose digits.</summary>
    PrecisionLoss,

    /// <summary>A profile does not have the shape of one.</summary>
    InvalidProfile,

    /// <summary>The sealed file was not opened: no passphrase and no key file was given.</summary>
    SealedStoreLocked,

    /// <summary>The passphrase or key file is not the one that the sealed file was closed with.</summary>
    WrongPassphrase,

    /// <summary>The sealed file is not as it was written: bytes in it have changed, or it is no sealed file.</summary>
    SealedFileDamaged,

    /// <summary>The end of the sealed file is missing.</summary>
    SealedFileTruncated,

    /// <summary>Parts of the sealed file are whole but not where they were written: somebody has put it together.</summary>
    SealedFileTampered,

    /// <summary>The sealed file was written by a later version of SecretBridge.</summary>
    SealedFileTooNew,

    /// <summary>Others may read or replace the sealed file, its folder or a key file.</summary>
    SealedFileExposed,

    /// <summary>Another process holds the sealed file for longer than the limit.</summary>
    SealedFileBusy,

    /// <summary>The sealed file could not be read or written. What was there before is still there.</summary>
    SealedFileFailed,

    /// <summary>The profile does not allow this workflow.</summary>
    WorkflowNotAllowed,

    /// <summary>A configuration file cannot be understood.</summary>
    InvalidConfiguration,

    /// <summary>An event could not be written to the audit trail, so that the operation was not let through.</summary>
    AuditFailed,

    /// <summary>A removal was not proven to be safe, and nothing was removed.</summary>
    RemovalRefused,

    /// <summary>The source or destination is no longer as it was planned for.</summary>
    PlanOutdated,

    /// <summary>A journal is of another run, or damaged.</summary>
    JournalInvalid,

    /// <summary>A credential of an identity provider could not be read.</summary>
    VaultReadError,

    /// <summary>A credential of an identity provider could not be written.</summary>
    VaultWriteError,
}
