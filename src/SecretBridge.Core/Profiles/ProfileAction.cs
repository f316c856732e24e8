namespace SecretBridge.Profiles;

/// <summary>What was done with one profile, or would be.</summary>
public enum ProfileAction
{
    /// <summary>Written where none was.</summary>
    Created = 0,

    /// <summary>Written over another content.</summary>
    Updated,

    /// <summary>Nothing to do: it is so already.</summary>
    Unchanged,

    /// <summary>Soft-deleted: it can be restored.</summary>
    Deleted,

    /// <summary>Gone for good.</summary>
    Removed,

    /// <summary>Left as it is, as the conflict policy says.</summary>
    Skipped,

    /// <summary>Left as it is, which the conflict policy counts as a failure.</summary>
    Conflict,

    /// <summary>It could not be done.</summary>
    Failed,
}
