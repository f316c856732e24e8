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

    /// <summary>
    /// Whether each secret's metadata is compared too: custom pairs, <c>max_versions</c>, <c>cas_required</c> and
    /// <c>delete_version_after</c> as they are set for the secret itself. One more read a side.
    /// </summary>
    public bool IncludeMetadata { get; init; }

    /// <summary>
    /// Whether the kept versions are compared too, in order from the oldest: their number, their states and the content of each
    /// live one. One more read a side, and one for each live version.
    /// </summary>
    public bool IncludeVersion { get; init; }

    /// <summary>Whether only the names of keys and their nesting are compared. Values are not read where a server can tell keys without them.</summary>
    public bool KeysOnly { get; init; }

    /// <summary>
    /// Whether one direction is enough where a side cannot be listed: that all of the other side is there, whatever else may be.
    /// Where both can be listed it changes nothing.
    /// </summary>
    public bool OneWay { get; init; }

    /// <summary>Top-level keys to leave out on both sides; <c>*</c> and <c>?</c> are wildcards.</summary>
    public IReadOnlyList<string> ExcludeKey { get; init; } = [];

    /// <summary>
    /// The part to compare; null for all. A secret is in the part of its path on the reference side; one that only the difference
    /// side has, in that of its path there. All names of both sides are walked.
    /// </summary>
    public Shard? Shard { get; init; }

    /// <summary>The most requests a second to all servers together; null for no limit but those of the connections.</summary>
    public double? RateLimit { get; init; }

    /// <summary>How many secrets may be under way; null finds out how many are good for the server.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether equal means that all of the content is: only then may a row permit a removal.</summary>
    internal bool IsWhole => !KeysOnly && ExcludeKey.Count == 0;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        BoundedPipe.CheckDegree(ThrottleLimit);
        _ = WalkOptions.ParseFolder(ReferenceUri);
        _ = WalkOptions.ParseFolder(DifferenceUri);
        PipeLoad.CheckRate(RateLimit);
        _ = PathMap.Of(Map);
    }
}
