namespace SecretBridge.Stores.Snapshots;

/// <summary>What is known of a snapshot, or of a file in plain text that was made of a tree.</summary>
public sealed record SnapshotSummary
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The complete reference of the tree that it was made of.</summary>
    public required string Uri { get; init; }

    /// <summary>The snapshot's id; null for plain text.</summary>
    public string? Id { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Whether it holds histories, and not the latest versions alone.</summary>
    public required bool HasHistory { get; init; }

    /// <summary>How many secrets it holds.</summary>
    public required long Secrets { get; init; }

    /// <summary>How many values it holds.</summary>
    public required long Versions { get; init; }

    /// <summary>How many secrets and folders could not be read, and are missing in it.</summary>
    public required long Unreadable { get; init; }

    /// <summary>Whether something is missing in it.</summary>
    public bool IsPartial => Unreadable > 0;

    /// <summary>The length of the file in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The file.</summary>
    public override string ToString() => Path;
}
