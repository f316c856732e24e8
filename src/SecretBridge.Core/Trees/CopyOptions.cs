using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>How to copy subtrees.</summary>
public sealed record CopyOptions
{
    /// <summary>Finds the stores of source references.</summary>
    public required IStoreResolver SourceStores { get; init; }

    /// <summary>Finds the store of the destination.</summary>
    public required IStoreResolver DestinationStores { get; init; }

    /// <summary>The folder below which the contents of each source land.</summary>
    public required string DestinationUri { get; init; }

    /// <summary>Rules that lead paths elsewhere, exact paths before globs, then in order. Empty keeps relative paths.
    /// With rules, a path that none matches is skipped and said so.</summary>
    public IReadOnlyList<MapRule> Map { get; init; } = [];

    /// <summary>Globs of source paths to keep; empty keeps all.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Globs of source paths to leave out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>What to do where the destination has other content.</summary>
    public ConflictPolicy Conflict { get; init; } = ConflictPolicy.Fail;

    /// <summary>Whether to read back what was written.</summary>
    public bool Verify { get; init; }

    /// <summary>
    /// Whether to soft-delete at the destination what the source folder lacks, once all was copied without a failure.
    /// <see cref="Include"/> and <see cref="Exclude"/> bound it, and a map to where its rules lead.
    /// </summary>
    public bool Mirror { get; init; }

    /// <summary>How many secrets a mirror may delete. Where there are more, it deletes none.</summary>
    public int MaxDelete { get; init; }

    /// <summary>Whether to stop before every write and only say what it would do.</summary>
    public bool PlanOnly { get; init; }

    /// <summary>How many secrets may be under way.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>Where the start and the end of the copy are told.</summary>
    public IAuditSink Audit { get; init; } = NoAudit.Instance;

    /// <summary>The workflow on whose behalf it is made; null where none was named.</summary>
    public string? Workflow { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        BoundedPipe.CheckDegree(ThrottleLimit);
        _ = WalkOptions.ParseFolder(DestinationUri);
        _ = PathMap.Of(Map);
        RemovalOptions.CheckMaxDelete(MaxDelete);
        if (Mirror)
        {
            _ = MapInverse.Of(Map);
        }
    }
}
