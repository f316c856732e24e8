using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Snapshots;

namespace SecretBridge.Trees;

/// <summary>How to make a snapshot of a tree.</summary>
public sealed record SnapshotExportOptions
{
    /// <summary>Finds the store of the tree.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>The tree: a mount, a folder, or one secret.</summary>
    public required string Uri { get; init; }

    /// <summary>The file, and what opens it. Plain text needs nothing that opens it.</summary>
    public required SnapshotFileOptions File { get; init; }

    /// <summary>The form of plain text; null for a sealed snapshot.</summary>
    public PlainFormat? PlainFormat { get; init; }

    /// <summary>Globs of paths to keep; empty keeps all.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Globs of paths to leave out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Which versions to keep: all, or the latest.</summary>
    public VersionSelection Version { get; init; } = VersionSelection.All;

    /// <summary>Whether to make the snapshot though something could not be read. It is marked in it.</summary>
    public bool AllowPartial { get; init; }

    /// <summary>How many secrets may be under way; null finds out how many are good for the server.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>Where the start and the end are told.</summary>
    public IAuditSink Audit { get; init; } = NoAudit.Instance;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        BoundedPipe.CheckDegree(ThrottleLimit);
        File.Validate();
        _ = WalkOptions.ParseFolder(Uri);
        if (Version.Number is not null || (PlainFormat is not null && Version.IsAll))
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Version),
                PlainFormat is null ? "A snapshot holds all versions or the latest, not one by its number." : "Plain text holds the latest versions only.");
        }
    }
}
