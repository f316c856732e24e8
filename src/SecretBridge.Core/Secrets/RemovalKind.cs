namespace SecretBridge.Secrets;

/// <summary>How much of a secret goes.</summary>
public enum RemovalKind
{
    /// <summary>Versions are deleted so that they can be restored.</summary>
    Delete = 0,

    /// <summary>Versions are destroyed for good; metadata stays.</summary>
    Destroy,

    /// <summary>All versions and the metadata go for good.</summary>
    AllVersions,
}
