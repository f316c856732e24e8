namespace SecretBridge.Stores.Sealed;

/// <summary>The steps of a save, in their order.</summary>
internal enum SaveStep
{
    /// <summary>The sidecar is locked.</summary>
    Lock = 0,

    /// <summary>What a dead process left is removed.</summary>
    Sweep,

    /// <summary>The new file is made beside the old one.</summary>
    Create,

    /// <summary>The first half of it is written.</summary>
    WriteFirst,

    /// <summary>The rest of it is written.</summary>
    WriteRest,

    /// <summary>It is flushed to the disk.</summary>
    Flush,

    /// <summary>The old file is looked at once more.</summary>
    Check,

    /// <summary>The new file takes the old one's name.</summary>
    Rename,

    /// <summary>The folder is flushed to the disk.</summary>
    FlushFolder,

    /// <summary>All is done; the lock is given back next.</summary>
    Unlock,
}
