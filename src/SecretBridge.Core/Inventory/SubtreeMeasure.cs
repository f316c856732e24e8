using SecretBridge.Reporting;

namespace SecretBridge.Inventory;

/// <summary>What was counted of one folder. A figure whose source was not read, or is not kept by the store, is null.</summary>
public sealed record SubtreeMeasure : IFaultRow
{
    /// <summary>The complete reference; that of a folder below the root ends in a slash.</summary>
    public required string Uri { get; init; }

    /// <summary>The root that it lies below, as a complete reference.</summary>
    public required string Root { get; init; }

    /// <summary>The path below the root, unescaped, with a slash at its end; empty for the root.</summary>
    public required string RelativePath { get; init; }

    /// <summary>How many folders below the root it is; 0 for the root.</summary>
    public int Level { get; init; }

    /// <summary>The secrets, in whatever state they are.</summary>
    public long Secrets { get; init; }

    /// <summary>The folders below; of a row for a single folder, those directly in it that hold secrets.</summary>
    public long Folders { get; init; }

    /// <summary>How many secrets stand how deep: the first number is of those directly in the folder, the next of those one folder deeper.</summary>
    public IReadOnlyList<long> SecretsByDepth { get; init; } = [];

    /// <summary>How many levels of folders the deepest secret is away; 0 where all are directly in the folder.</summary>
    public int DeepestLevel { get; init; }

    /// <summary>The UTF-8 bytes of the names of secrets and folders, each name once.</summary>
    public long NameBytes { get; init; }

    /// <summary>Versions kept, deleted and destroyed ones too.</summary>
    public long? Versions { get; init; }

    /// <summary>How many of the versions are deleted and can be restored.</summary>
    public long? DeletedVersions { get; init; }

    /// <summary>How many of the versions are destroyed.</summary>
    public long? DestroyedVersions { get; init; }

    /// <summary>Secrets whose latest version is deleted.</summary>
    public long? DeletedLatest { get; init; }

    /// <summary>Secrets whose latest version is destroyed.</summary>
    public long? DestroyedLatest { get; init; }

    /// <summary>Secrets of which only metadata was ever written.</summary>
    public long? WithoutVersion { get; init; }

    /// <summary>The last change of the secret that was left alone for the longest time.</summary>
    public DateTimeOffset? OldestChange { get; init; }

    /// <summary>The last change of the secret that was changed last.</summary>
    public DateTimeOffset? NewestChange { get; init; }

    /// <summary>Secrets that were written once and never again.</summary>
    public long? NeverUpdated { get; init; }

    /// <summary>Secrets that keep at least 80 % of the versions that they may keep: soon a write drops the oldest.</summary>
    public long? NearMaxVersions { get; init; }

    /// <summary>Secrets that are near at least one limit: of versions, of custom metadata, and where sizes were read, of size and number of strings.</summary>
    public long? NearLimits { get; init; }

    /// <summary>Live secrets whose latest version a <c>delete_version_after</c> is going to delete.</summary>
    public long? DeleteAfterDue { get; init; }

    /// <summary>When the first of them is deleted.</summary>
    public DateTimeOffset? NextDeletion { get; init; }

    /// <summary>The JSON bytes of the latest values.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>The JSON bytes of the largest one.</summary>
    public long? LargestBytes { get; init; }

    /// <summary>The reference of the largest one.</summary>
    public string? LargestSecret { get; init; }

    /// <summary>Secrets that are large.</summary>
    public long? Large { get; init; }

    /// <summary>Folders, names and secrets that could not be read. What is below such a folder is missing from all counts.</summary>
    public long Unreadable { get; init; }

    /// <summary>Whether everything was read, so that the figures are whole.</summary>
    public bool IsComplete => Unreadable == 0;

    /// <summary>Why they are not; null where they are.</summary>
    public string? Reason => Fault?.Message;

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
