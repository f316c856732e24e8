namespace SecretBridge.Trees;

/// <summary>What of a secret did not arrive because it cannot be carried.</summary>
public enum CopyLoss
{
    /// <summary>The times at which versions were written: a server sets them itself.</summary>
    CreatedTime = 0,

    /// <summary>Older versions, which the destination does not keep.</summary>
    History,

    /// <summary>The versions' numbers: those of the destination count from another beginning.</summary>
    VersionNumber,

    /// <summary>Deleted or destroyed versions, which were left out.</summary>
    DeletedVersion,

    /// <summary>The values of deleted versions: they arrive as deleted versions without a value, which restoring does not bring back.</summary>
    DeletedValue,

    /// <summary>Custom metadata, which the destination's server does not keep.</summary>
    CustomMetadata,

    /// <summary>All metadata: the destination keeps none.</summary>
    Metadata,

    /// <summary>When a version is to be deleted: that is due on one side and not on the other.</summary>
    DeletionTime,
}
