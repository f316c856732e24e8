namespace SecretBridge.Policies;

/// <summary>How much of a secret goes when it is removed.</summary>
public enum PolicyRemoval
{
    /// <summary>Versions are deleted so that they can be restored.</summary>
    Delete = 0,

    /// <summary>Versions are destroyed.</summary>
    Destroy,

    /// <summary>All versions and the metadata go.</summary>
    AllVersions,
}
