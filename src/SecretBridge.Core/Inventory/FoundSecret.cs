using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Trees;

namespace SecretBridge.Inventory;

/// <summary>A secret that a search has found. What was not read for the search is null.</summary>
public sealed record FoundSecret : IFaultRow
{
    /// <summary>The complete reference, with its backend.</summary>
    public required string Uri { get; init; }

    /// <summary>The root of the search, as a complete reference.</summary>
    public required string Root { get; init; }

    /// <summary>The path below the root, unescaped.</summary>
    public required string RelativePath { get; init; }

    /// <summary>The name of the connection; null for a store without one.</summary>
    public string? Backend { get; init; }

    /// <summary>The mount.</summary>
    public string? Mount { get; init; }

    /// <summary>The path in the mount, unescaped.</summary>
    public required string Path { get; init; }

    /// <summary>The last name of the path.</summary>
    public required string Name { get; init; }

    /// <summary>The names of the keys that were looked for, or whose values were; nested ones with a dot between, items of lists as <c>[0]</c>.</summary>
    public IReadOnlyList<string> MatchedKey { get; init; } = [];

    /// <summary>What stands there.</summary>
    public SecretState? State { get; init; }

    /// <summary>The latest version.</summary>
    public int? Version { get; init; }

    /// <summary>When the secret was last written.</summary>
    public DateTimeOffset? UpdatedTime { get; init; }

    /// <summary>The user's own key-value pairs.</summary>
    public IReadOnlyDictionary<string, string>? CustomMetadata { get; init; }

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }

    internal static FoundSecret Of(SourceStep step) => new()
    {
        Uri = step.Uri,
        Root = step.Root,
        RelativePath = step.RelativePath,
        Backend = step.Location?.Store.Root.Backend,
        Mount = step.Location?.Store.Root.Path.Value,
        Path = step.Location?.Path.Value ?? step.RelativePath,
        Name = step.Location?.Path.Name ?? "",
        Fault = step.Fault,
    };
}
