using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>How to compare two subtrees.</summary>
public sealed record CompareOptions
{
    /// <summary>Finds the store of the reference side.</summary>
    public required IStoreResolver ReferenceStores { get; init; }

    /// <summary>Finds the store of the difference side.</summary>
    public required IStoreResolver DifferenceStores { get; init; }

    /// <summary>The subtree that says how it should be.</summary>
    public required string ReferenceUri { get; init; }

    /// <summary>The subtree that is held against it.</summary>
    public required string DifferenceUri { get; init; }

    /// <summary>Rules by which paths of the reference side lead to paths of the difference side, as in a copy.</summary>
    public IReadOnlyList<MapRule> Map { get; init; } = [];

    /// <summary>Globs of paths to compare; empty compares all. They are matched on both sides.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Globs of paths to leave out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether equal secrets give rows too.</summary>
    public bool IncludeEqual { get; init; }

    /// <summary>How many secrets may be under way.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        BoundedPipe.CheckDegree(ThrottleLimit);
        _ = WalkOptions.ParseFolder(ReferenceUri);
        _ = WalkOptions.ParseFolder(DifferenceUri);
        _ = PathMap.Of(Map);
    }
}
