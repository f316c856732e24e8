namespace SecretBridge.Trees;

/// <summary>What kept a write from overwriting somebody else's.</summary>
public enum WriteGuard
{
    /// <summary>The server itself, by check-and-set.</summary>
    CheckAndSet = 0,

    /// <summary>Only a read just before the write: the store has no check-and-set.</summary>
    ReadThenWrite,
}
