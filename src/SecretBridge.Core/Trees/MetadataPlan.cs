using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>What is to be done to one secret's metadata.</summary>
internal sealed record MetadataPlan
{
    /// <summary>What the destination has; null for nothing, or where it was not looked.</summary>
    public SecretMetadata? Before { get; init; }

    /// <summary>What to change; null for nothing.</summary>
    public MetadataChange? Change { get; init; }

    /// <summary>The names of what differs and stays.</summary>
    public IReadOnlyList<string> Differing { get; init; } = [];

    /// <summary>What the destination cannot take; null where it takes all.</summary>
    public CopyLoss? Loss { get; init; }

    internal static MetadataPlan Nothing { get; } = new();
}
