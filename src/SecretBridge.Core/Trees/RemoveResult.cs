using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>What became of one secret that was to be removed.</summary>
public sealed record RemoveResult : IFaultRow
{
    /// <summary>The secret's complete reference.</summary>
    public required string Uri { get; init; }

    /// <summary>The root of the tree that it was found in.</summary>
    public required string Root { get; init; }

    /// <summary>The path below that root, unescaped.</summary>
    public required string RelativePath { get; init; }

    /// <summary>What was done, or would be.</summary>
    public required RemoveAction Action { get; init; }

    /// <summary>True where nothing was removed because only a plan was asked for.</summary>
    public bool Planned { get; init; }

    /// <summary>The versions concerned. Empty where the store keeps none, or nothing was removed.</summary>
    public IReadOnlyList<int> Version { get; init; } = [];

    /// <summary>Why it was left or failed, or what to know about it.</summary>
    public string? Reason { get; init; }

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
