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

    /// <summary>Write a new version over it where the source was written later, and skip where it was written earlier. Each
    /// server's own clock counts. Times that are equal or not known are a conflict.</summary>
    NewerWins,

    /// <summary>Unite the keys of both. Keys that only the destination has stay; a key with two values is a conflict.</summary>
    Merge,
}
