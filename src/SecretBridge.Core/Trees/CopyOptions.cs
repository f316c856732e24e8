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

    /// <summary>Which versions to carry. A reference that pins a version has the last word.</summary>
    public VersionSelection Version { get; init; } = VersionSelection.Latest;

    /// <summary>With all versions: whether each keeps its number. Placeholders, deleted or destroyed at once, take the numbers of
    /// versions that are gone.</summary>
    public bool KeepVersionNumber { get; init; }

    /// <summary>What to do with a source whose selected version is deleted or destroyed.</summary>
    public DeletedVersionPolicy DeletedVersion { get; init; } = DeletedVersionPolicy.Skip;

    /// <summary>Whether to carry each secret's metadata, laid over what the destination has: custom metadata, versions kept,
    /// required check-and-set, time of deletion.</summary>
    public bool IncludeMetadata { get; init; }

    /// <summary>Whether to carry what is set for the source's mount to that of the destination, where that has nothing set.</summary>
    public bool IncludeMountConfig { get; init; }

    /// <summary>Custom metadata to give each secret at the destination.</summary>
    public IReadOnlyDictionary<string, string> Tag { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A text to give each secret at the destination as its custom metadata <c>description</c>; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>How many versions a store with <see cref="StoreCapabilities.WriteNote"/> is told to keep of each secret.</summary>
    public int MaxVersions { get; init; } = 10;

    /// <summary>Whether to record the source in each secret's custom metadata at the destination, below <c>secretbridge.</c>.</summary>
    public bool RecordSource { get; init; }

    /// <summary>Whether a merge may write back numbers past 2^53 of the destination, which its server rounds when it reads them.</summary>
    public bool AllowPrecisionLoss { get; init; }

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

    /// <summary>
    /// The part of the sources to copy; null for all. The names of all are walked, so that each part finds
    /// the collisions of a map.
    /// </summary>
    public Shard? Shard { get; init; }

    /// <summary>A file that remembers which secrets are done; null for none. docs/journal.md tells what it holds.</summary>
    public string? JournalPath { get; init; }

    /// <summary>Whether to go on where the journal ends. Without such a file a new one is begun.</summary>
    public bool Resume { get; init; }

    /// <summary>The most requests a second to all servers together; null for no limit but those of the connections.</summary>
    public double? RateLimit { get; init; }

    /// <summary>How many secrets may be under way; null finds out how many are good for the server.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>Where the start and the end of the copy are told.</summary>
    public IAuditSink Audit { get; init; } = NoAudit.Instance;

    /// <summary>The workflow on whose behalf it is made; null where none was named.</summary>
    public string? Workflow { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What a plan says; then its sources are the only ones, and lead where it leads them.</summary>
    internal PlannedItems? Planned { get; init; }

    /// <summary>What goes on with a copy that was stopped and has no journal; null for the same command.</summary>
    internal string? Again { get; init; }

    /// <summary>How many names of a map that needs all of them are kept in memory; more are in a temporary file.</summary>
    internal int SpillAfter { get; init; } = 50_000;

    /// <summary>Stands before the journal's file; for tests that end a run between two of its writes.</summary>
    internal Func<FileStream, Stream>? WrapJournal { get; init; }

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        BoundedPipe.CheckDegree(ThrottleLimit);
        _ = WalkOptions.ParseFolder(DestinationUri);
        _ = PathMap.Of(Map);
        RemovalOptions.CheckMaxDelete(MaxDelete);
        PipeLoad.CheckRate(RateLimit);
        if (MaxVersions < 1)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "MaxVersion", "A secret has at least one version: MaxVersion must be 1 or more.");
        }

        if (Resume && JournalPath is null)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Resume", "Resume goes on where a journal ends: name it.");
        }

        if (Mirror)
        {
            if (Shard is not null)
            {
                throw new BridgeException(FaultKind.InvalidArgument, "Mirror", "A mirror deletes only where nothing of the whole source failed, and one shard cannot know of the others. Mirror in a run of its own, after all shards.");
            }

            _ = MapInverse.Of(Map);
        }

        if (KeepVersionNumber && !Version.IsAll)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "KeepVersionNumber", "Version numbers can be kept only with all versions.");
        }

        if (Version.IsAll && Conflict == ConflictPolicy.Merge)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Conflict", "Histories cannot be merged: carry one version, or choose another policy.");
        }

        if (MetadataLimits.WhyNotHold(Added) is { } flaw)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Tag", $"The tags and the description cannot be written: {flaw}.");
        }
    }

    /// <summary>The custom metadata that the caller gives each secret.</summary>
    internal IReadOnlyDictionary<string, string> Added => Description is null
        ? Tag
        : new Dictionary<string, string>(Tag, StringComparer.Ordinal) { ["description"] = Description };

    /// <summary>Whether anything but values is written.</summary>
    internal bool WritesMetadata => IncludeMetadata || RecordSource || Description is not null || Tag.Count > 0;
}
