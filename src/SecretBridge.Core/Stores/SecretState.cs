namespace SecretBridge.Stores;

/// <summary>What stands at a path, or at one version of it.</summary>
public enum SecretState
{
    /// <summary>A version that can be read. Its deletion may be due in the future.</summary>
    Live = 0,

    /// <summary>Soft-deleted: it can be restored.</summary>
    Deleted,

    /// <summary>Destroyed: its value is gone for good.</summary>
    Destroyed,

    /// <summary>Only metadata: no version was ever written.</summary>
    MetadataOnly,

    /// <summary>Nothing.</summary>
    Absent,

    /// <summary>It could not be read.</summary>
    Unreadable,
}
