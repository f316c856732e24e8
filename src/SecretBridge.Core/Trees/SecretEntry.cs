using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>One secret found by a walk, or a folder that could not be listed.</summary>
public sealed record SecretEntry : IFaultRow
{
    /// <summary>The complete reference, with its backend; that of a folder ends in a slash.</summary>
    public required string Uri { get; init; }

    /// <summary>The root of the walk, as a complete reference.</summary>
    public required string Root { get; init; }

    /// <summary>The path below the root, unescaped; that of a folder ends in a slash.</summary>
    public required string RelativePath { get; init; }

    /// <summary>The name of the connection; null for a store without one.</summary>
    public string? Backend { get; init; }

    /// <summary>The mount.</summary>
    public string? Mount { get; init; }

    /// <summary>The path in the mount, unescaped.</summary>
    public required string Path { get; init; }

    /// <summary>The last name of the path.</summary>
    public required string Name { get; init; }

    /// <summary>What stands there; null where only names were listed.</summary>
    public SecretState? State { get; init; }

    /// <summary>The latest version, where metadata was read.</summary>
    public int? Version { get; init; }

    /// <summary>How many versions are kept, where metadata was read.</summary>
    public int? VersionCount { get; init; }

    /// <summary>When the secret was first written, where metadata was read.</summary>
    public DateTimeOffset? CreatedTime { get; init; }

    /// <summary>When the secret was last changed, where metadata was read.</summary>
    public DateTimeOffset? UpdatedTime { get; init; }

    /// <summary>When the latest version was deleted or will be, where metadata was read.</summary>
    public DateTimeOffset? DeletionTime { get; init; }

    /// <summary>The user's own key-value pairs, where metadata was read.</summary>
    public IReadOnlyDictionary<string, string>? CustomMetadata { get; init; }

    /// <summary>Why it could not be read; null where it could.</summary>
    public string? Reason { get; init; }

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }

    internal bool IsFolder => RelativePath.EndsWith('/') || RelativePath.Length == 0;

    internal static SecretEntry Of(SourceStep step) => new()
    {
        Uri = step.Uri,
        Root = step.Root,
        RelativePath = step.RelativePath,
        Backend = step.Location?.Store.Root.Backend,
        Mount = step.Location?.Store.Root.Path.Value,
        Path = step.Location?.Path.Value ?? step.RelativePath,
        Name = step.Location?.Path.Name ?? "",
        State = step.Fault is null ? null : SecretState.Unreadable,
        Reason = step.Fault?.Message,
        Fault = step.Fault,
    };
}
