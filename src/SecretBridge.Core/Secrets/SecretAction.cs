namespace SecretBridge.Secrets;

/// <summary>What was done with one secret, or would be.</summary>
public enum SecretAction
{
    /// <summary>Written where nothing was.</summary>
    Created = 0,

    /// <summary>Written as a new version.</summary>
    Updated,

    /// <summary>Nothing to do: it is so already.</summary>
    Unchanged,

    /// <summary>Soft-deleted: it can be restored.</summary>
    Deleted,

    /// <summary>Destroyed: the value is gone for good, its metadata stays.</summary>
    Destroyed,

    /// <summary>Gone for good, with all versions and metadata.</summary>
    Removed,

    /// <summary>Brought back.</summary>
    Restored,

    /// <summary>It could not be done.</summary>
    Failed,
}
