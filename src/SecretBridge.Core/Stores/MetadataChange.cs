namespace SecretBridge.Stores;

/// <summary>A change of a secret's metadata. What is null stays as it is.</summary>
public sealed record MetadataChange
{
    /// <summary>Key-value pairs that are laid over those that are there.</summary>
    public IReadOnlyDictionary<string, string>? CustomMetadata { get; init; }

    /// <summary>Versions to keep; 0 lets the mount decide.</summary>
    public int? MaxVersions { get; init; }

    /// <summary>Whether writes must use check-and-set.</summary>
    public bool? CheckAndSetRequired { get; init; }

    /// <summary>How long after its writing a version is deleted; zero for never.</summary>
    public TimeSpan? DeleteVersionAfter { get; init; }

    /// <summary>Whether metadata is as the change would make it.</summary>
    internal bool IsIn(SecretMetadata metadata) =>
        (CustomMetadata is null || CustomMetadata.All(pair => metadata.CustomMetadata.TryGetValue(pair.Key, out string? value) && value == pair.Value))
        && (MaxVersions is null || MaxVersions == metadata.MaxVersions)
        && (CheckAndSetRequired is null || CheckAndSetRequired == metadata.CheckAndSetRequired)
        && (DeleteVersionAfter is null || DeleteVersionAfter == metadata.DeleteVersionAfter);

    /// <summary>The pairs that stand after the change, where it changes any.</summary>
    internal IReadOnlyDictionary<string, string>? Over(IReadOnlyDictionary<string, string>? before)
    {
        if (CustomMetadata is null)
        {
            return null;
        }

        var united = new Dictionary<string, string>(before ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach ((string key, string value) in CustomMetadata)
        {
            united[key] = value;
        }

        return united;
    }
}
