namespace SecretBridge.Faults;

/// <summary>The class of a failure. Each name is that of a PowerShell error category, which Core cannot refer to.</summary>
public enum FaultCategory
{
    /// <summary>None of the others.</summary>
    NotSpecified = 0,

    /// <summary>A parameter cannot be right.</summary>
    InvalidArgument,

    /// <summary>Data does not have the form it must have.</summary>
    InvalidData,

    /// <summary>It cannot be done in this state.</summary>
    InvalidOperation,

    /// <summary>A result is not what it must be.</summary>
    InvalidResult,

    /// <summary>What was asked of it, it does not do.</summary>
    NotImplemented,

    /// <summary>What was named does not exist.</summary>
    ObjectNotFound,

    /// <summary>No answer in time.</summary>
    OperationTimeout,

    /// <summary>Not allowed.</summary>
    PermissionDenied,

    /// <summary>Somebody else is at it.</summary>
    ResourceBusy,

    /// <summary>It is there already.</summary>
    ResourceExists,

    /// <summary>It cannot be had now.</summary>
    ResourceUnavailable,

    /// <summary>Safety is at stake.</summary>
    SecurityError,

    /// <summary>An answer does not follow the protocol.</summary>
    ProtocolError,

    /// <summary>The other end cannot be reached.</summary>
    ConnectionError,

    /// <summary>Who asks could not be proven.</summary>
    AuthenticationError,

    /// <summary>Too much or too large.</summary>
    LimitsExceeded,
}
