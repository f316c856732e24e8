namespace SecretBridge.Trees;

/// <summary>How much of each secret goes.</summary>
public enum RemovalExtent
{
    /// <summary>The compared version, and those before it, are deleted so that they can be restored.</summary>
    Delete = 0,

    /// <summary>The compared version, and those before it, are destroyed for good; metadata stays.</summary>
    Destroy,

    /// <summary>All versions and the metadata go for good, if no version was written since.</summary>
    AllVersions,
}
