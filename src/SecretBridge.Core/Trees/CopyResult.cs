using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>What became of one secret in a copy.</summary>
public sealed record CopyResult : IFaultRow
{
    /// <summary>The source's complete reference.</summary>
    public required string Uri { get; init; }

    /// <summary>The destination's complete reference; null where the map leads nowhere.</summary>
    public string? Destination { get; init; }

    /// <summary>The root of the source tree.</summary>
    public required string Root { get; init; }

    /// <summary>The path below the source root, unescaped.</summary>
    public required string RelativePath { get; init; }

    /// <summary>What was done, or would be.</summary>
    public required CopyAction Action { get; init; }

    /// <summary>True where nothing was written because only a plan was asked for.</summary>
    public bool Planned { get; init; }

    /// <summary>True where the written version was read back and is equal; null where that was not asked for or nothing was written.</summary>
    public bool? Verified { get; init; }

    /// <summary>What guarded the write; null where nothing was written.</summary>
    public WriteGuard? Guard { get; init; }

    /// <summary>The version read from the source.</summary>
    public int? SourceVersion { get; init; }

    /// <summary>The version that the destination has now.</summary>
    public int? DestinationVersion { get; init; }

    /// <summary>How many versions with a value were written, or would be.</summary>
    public int VersionsCopied { get; init; }

    /// <summary>Whether metadata was written, or would be.</summary>
    public bool MetadataChanged { get; init; }

    /// <summary>What of the secret could not be carried; empty where all of it was that was asked for.</summary>
    public IReadOnlyList<CopyLoss> Lossy { get; init; } = [];

    /// <summary>The names of keys on which both sides disagree: keys of the secret, or <c>custom_metadata/key</c> and names of
    /// settings. Empty unless that is the conflict.</summary>
    public IReadOnlyList<string> ConflictKey { get; init; } = [];

    /// <summary>The server's id of the write, to find it in the audit log.</summary>
    public string? RequestId { get; init; }

    /// <summary>Why it was skipped, a conflict or failed, or what to know about it.</summary>
    public string? Reason { get; init; }

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
