namespace SecretBridge.Stores;

/// <summary>What a store keeps beside a secret's versions.</summary>
public sealed record SecretMetadata
{
    /// <summary>The latest version; 0 where none was ever written.</summary>
    public required int CurrentVersion { get; init; }

    /// <summary>The oldest version still kept.</summary>
    public int OldestVersion { get; init; }

    /// <summary>Versions kept for this secret; 0 means the mount decides.</summary>
    public int MaxVersions { get; init; }

    /// <summary>Whether writes must use check-and-set.</summary>
    public bool CheckAndSetRequired { get; init; }

    /// <summary>How long after its writing a version is deleted; zero for never.</summary>
    public TimeSpan DeleteVersionAfter { get; init; }

    /// <summary>The user's own key-value pairs.</summary>
    public IReadOnlyDictionary<string, string> CustomMetadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether the server keeps custom metadata; Vault does since 1.9, and before ignores it without a word.</summary>
    public bool TakesCustomMetadata { get; init; } = true;

    /// <summary>The version of the metadata itself; null where the server counts none.</summary>
    public int? MetadataVersion { get; init; }

    /// <summary>When the secret was first written.</summary>
    public DateTimeOffset? CreatedTime { get; init; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset? UpdatedTime { get; init; }

    /// <summary>The versions still kept, in ascending order.</summary>
    public IReadOnlyList<SecretVersion> Versions { get; init; } = [];

    /// <summary>The server's time when it answered, or null where it did not say. Deletion is judged by the server's clock.</summary>
    public DateTimeOffset? ServerTime { get; init; }

    /// <summary>This machine's time when the answer came, for a server that tells none.</summary>
    internal DateTimeOffset LocalTime { get; init; }

    /// <summary>The moment that deletions are judged at.</summary>
    internal DateTimeOffset Now => ServerTime ?? LocalTime;

    /// <summary>The state of the latest version at a moment of the server's clock.</summary>
    public SecretState StateAt(DateTimeOffset serverNow) =>
        CurrentVersion == 0
            ? SecretState.MetadataOnly
            : Versions.FirstOrDefault(version => version.Number == CurrentVersion)?.StateAt(serverNow) ?? SecretState.Destroyed;
}
