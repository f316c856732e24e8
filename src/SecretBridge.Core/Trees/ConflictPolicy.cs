namespace SecretBridge.Trees;

/// <summary>What to do where the destination has other content.</summary>
public enum ConflictPolicy
{
    /// <summary>Leave it, and report the secret as a conflict and an error.</summary>
    Fail = 0,

    /// <summary>Leave it, and report the secret as skipped.</summary>
    Skip,

    /// <summary>Write a new version over it.</summary>
    Overwrite,
}
