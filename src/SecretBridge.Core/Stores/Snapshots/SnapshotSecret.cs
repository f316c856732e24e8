using SecretBridge.Reporting;

namespace SecretBridge.Stores.Snapshots;

/// <summary>One secret of a tree as it was when a snapshot was made, or one that could not be read then.</summary>
internal sealed record SnapshotSecret
{
    /// <summary>The path below the root, unescaped; that of a folder that could not be listed ends in a slash.</summary>
    public required string Key { get; init; }

    /// <summary>Why it is not in the snapshot; null where it is.</summary>
    public FaultKind? Unreadable { get; init; }

    /// <summary>What stood beside its versions, without a list of them; null where the store kept none.</summary>
    public SecretMetadata? Metadata { get; init; }

    /// <summary>Its versions, oldest first: all that were kept, or the latest alone.</summary>
    public IReadOnlyList<SnapshotVersion> Versions { get; init; } = [];

    /// <summary>The latest version; null where only metadata stood there.</summary>
    internal SnapshotVersion? Latest => Versions.Count == 0 ? null : Versions[^1];
}
