using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>How to walk subtrees.</summary>
public sealed record WalkOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>Globs of relative paths to keep; empty keeps all. <c>**</c> spans folders; a glob without a slash is matched against the last name.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Globs of relative paths to leave out; they win over <see cref="Include"/>.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>How many folders deep to go: 1 is the root's own secrets. Null is without end.</summary>
    public int? Depth { get; init; }

    /// <summary>Whether to read each secret's metadata for version and state: one more request a secret.</summary>
    public bool Detailed { get; init; }

    /// <summary>How many requests may be in flight; null finds out how many are good for the server.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right (<see cref="FaultKind.InvalidArgument"/>).</exception>
    public void Validate()
    {
        BoundedPipe.CheckDegree(ThrottleLimit);
        if (Depth < 1)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Depth), "Depth must be 1 or more.");
        }
    }

    /// <summary>Parses a reference that stands for a tree.</summary>
    internal static SecretReference ParseFolder(string uri)
    {
        var reference = SecretReference.Parse(uri);
        return reference.Version is null && reference.Key is null
            ? reference
            : throw new BridgeException(FaultKind.InvalidReference, uri, $"'{uri}' names a version or a key; a tree has neither.");
    }
}
