namespace SecretBridge.Trees;

/// <summary>What to do with a source whose selected version is deleted or destroyed.</summary>
public enum DeletedVersionPolicy
{
    /// <summary>Leave it out, and report it as skipped.</summary>
    Skip = 0,

    /// <summary>Make a version at the destination that is deleted or destroyed as well. It never held the value: that cannot be
    /// read without restoring it at the source.</summary>
    Preserve,

    /// <summary>Report it as failed.</summary>
    Fail,
}
