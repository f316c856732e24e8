namespace SecretBridge.Stores.Snapshots;

/// <summary>What is known of a snapshot as a whole.</summary>
internal sealed record SnapshotFacts
{
    /// <summary>The complete reference of the tree that it was made of.</summary>
    public required string Uri { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What the store could that it was made of, as far as a snapshot can it too.</summary>
    public required StoreCapabilities Capabilities { get; init; }

    /// <summary>What was set for the whole mount; null where it was not read.</summary>
    public MountSettings? Settings { get; init; }

    /// <summary>Whether it holds histories, and not the latest versions alone.</summary>
    public required bool HasHistory { get; init; }

    /// <summary>How many secrets it holds.</summary>
    public long Secrets { get; init; }

    /// <summary>How many values it holds.</summary>
    public long Versions { get; init; }

    /// <summary>How many secrets and folders could not be read.</summary>
    public long Unreadable { get; init; }

    /// <summary>What of a store's abilities a snapshot has too.</summary>
    internal const StoreCapabilities Kept = StoreCapabilities.Versions | StoreCapabilities.Metadata
        | StoreCapabilities.EmptyPayload | StoreCapabilities.NumbersThroughDouble;
}
