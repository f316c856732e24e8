namespace SecretBridge.Trees;

/// <summary>What was done with one secret, or would be.</summary>
public enum CopyAction
{
    /// <summary>Written where nothing was.</summary>
    Created = 0,

    /// <summary>Written as a new version over other content.</summary>
    Updated,

    /// <summary>Not written: the destination has the same content.</summary>
    Unchanged,

    /// <summary>Not written on purpose; the reason says why.</summary>
    Skipped,

    /// <summary>Not written: the destination has other content and the policy does not allow to change it.</summary>
    Conflict,

    /// <summary>It could not be read, written or verified.</summary>
    Failed,

    /// <summary>Soft-deleted at the destination: the source has no such secret.</summary>
    Deleted,
}
