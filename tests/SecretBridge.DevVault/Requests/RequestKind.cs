namespace SecretBridge.DevVault;

/// <summary>Requests as a test counts them.</summary>
public enum RequestKind
{
    Other,
    Health,
    Mounts,
    Preflight,
    Read,
    List,
    Scan,
    Metadata,
    Write,
    Delete,
    Login,
    Token,
    Wrapping,
}
