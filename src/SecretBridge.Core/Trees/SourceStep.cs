using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>One secret, or one fault, that the items given to an operation lead to.</summary>
internal sealed record SourceStep
{
    /// <summary>The complete reference; as it was given where it could not be resolved.</summary>
    public required string Uri { get; init; }

    /// <summary>The root of the tree that it belongs to, as a complete reference.</summary>
    public required string Root { get; init; }

    /// <summary>The path below the root, as text; that of a folder ends in a slash.</summary>
    public required string RelativePath { get; init; }

    /// <summary>The path below the root; the root itself where there is only a fault.</summary>
    public SecretPath Relative { get; init; }

    /// <summary>Where the secret is; null where the reference could not be resolved.</summary>
    public StoreLocation? Location { get; init; }

    /// <summary>Where the root of its tree is.</summary>
    public StoreLocation? RootLocation { get; init; }

    /// <summary>The version asked for; null for the latest.</summary>
    public int? Version { get; init; }

    /// <summary>Whether a listing named it, so that it may have vanished since.</summary>
    public bool IsListed { get; init; }

    /// <summary>Whether it is a secret that has the very name of the folder given as a root.</summary>
    public bool IsTwin { get; init; }

    /// <summary>Why it leads no further; null for a secret.</summary>
    public BridgeException? Fault { get; init; }
}
