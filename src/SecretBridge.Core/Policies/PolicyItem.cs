using SecretBridge.Stores;

namespace SecretBridge.Policies;

/// <summary>One thing that a policy is to allow.</summary>
public sealed record PolicyItem
{
    /// <summary>What is to be done.</summary>
    public required PolicyOperation For { get; init; }

    /// <summary>The folder or secret that it is done to; null where only the other side, or only the connection, is of interest.</summary>
    public string? SourceUri { get; init; }

    /// <summary>The connection that is meant where no reference is given, as for its health.</summary>
    public VaultBackend? Backend { get; init; }

    /// <summary>The folder or secret on the other side; null where there is none.</summary>
    public string? DestinationUri { get; init; }

    /// <summary>Whether the references mean all below them, also without a slash at their ends.</summary>
    public bool IsTree { get; init; }

    /// <summary>The options of the operation.</summary>
    public PolicyDetail Detail { get; init; } = new();

    /// <summary>What a plan says of a single secret; null for whole folders.</summary>
    internal PlannedWrite? Planned { get; init; }

    /// <summary>Whether operations of this kind are done to folders, whatever their references look like.</summary>
    internal bool MeansTree => Planned is null && (IsTree || For is PolicyOperation.Copy or PolicyOperation.Compare or PolicyOperation.Move
        or PolicyOperation.Remove or PolicyOperation.List or PolicyOperation.Snapshot);
}
