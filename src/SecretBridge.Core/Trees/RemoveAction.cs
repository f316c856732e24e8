namespace SecretBridge.Trees;

/// <summary>What was done with one secret that was to be removed, or would be.</summary>
public enum RemoveAction
{
    /// <summary>Soft-deleted: it can be restored.</summary>
    Deleted = 0,

    /// <summary>Destroyed: the values are gone for good, the metadata stays.</summary>
    Destroyed,

    /// <summary>Gone for good, with all versions and metadata.</summary>
    Removed,

    /// <summary>Left as it is; the reason says why.</summary>
    Skipped,

    /// <summary>It could not be read or removed.</summary>
    Failed,
}
