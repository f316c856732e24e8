using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>The metadata that a secret shall have at the destination.</summary>
internal sealed record MetadataWish
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>What the source has.</summary>
    public SecretMetadata Source { get; init; } = new() { CurrentVersion = 0 };

    /// <summary>What the caller gives each secret, whatever stands there.</summary>
    public IReadOnlyDictionary<string, string> Added { get; init; } = None;

    /// <summary>Where the value came from: written with it, or where it is missing.</summary>
    public IReadOnlyDictionary<string, string> Origin { get; init; } = None;

    internal bool HasCustom => Source.CustomMetadata.Count + Added.Count + Origin.Count > 0;

    internal bool IsEmpty => !HasCustom && Source is { MaxVersions: 0, CheckAndSetRequired: false } && Source.DeleteVersionAfter == TimeSpan.Zero;

    /// <summary>
    /// What must change so that the destination has it all. What is not set there is filled in; what is set there and differs
    /// is replaced only where the ruling says so, and named.
    /// </summary>
    /// <param name="there">What the destination has; null for nothing.</param>
    /// <param name="replaces">Whether values of the source take the place of those at the destination.</param>
    /// <param name="writesValue">Whether a value is written with it.</param>
    internal (MetadataChange? Change, IReadOnlyList<string> Differing) Against(SecretMetadata? there, bool replaces, bool writesValue)
    {
        var differing = new List<string>();
        var custom = new Dictionary<string, string>(StringComparer.Ordinal);
        IReadOnlyDictionary<string, string> has = there?.CustomMetadata ?? None;
        foreach ((string key, string value) in Source.CustomMetadata.Where(pair => !Added.ContainsKey(pair.Key) && !Origin.ContainsKey(pair.Key)))
        {
            bool isSet = has.TryGetValue(key, out string? old);
            if (isSet && old != value)
            {
                differing.Add("custom_metadata/" + key);
            }

            if (!isSet || (replaces && old != value))
            {
                custom[key] = value;
            }
        }

        bool tellsOrigin = writesValue || Origin.Keys.Any(key => !has.ContainsKey(key));
        foreach ((string key, string value) in tellsOrigin ? Added.Concat(Origin) : Added)
        {
            if (!has.TryGetValue(key, out string? old) || old != value)
            {
                custom[key] = value;
            }
        }

        // A limit below what only the destination has would push that out with the next write: this is no filling in.
        int hasMost = there is { MaxVersions: 0 } && Source.MaxVersions > 0 && there.Versions.Count > Math.Max(Source.MaxVersions, Source.Versions.Count)
            ? there.Versions.Count
            : there?.MaxVersions ?? 0;
        int? most = Fill("max_versions", Source.MaxVersions, hasMost, replaces, differing);
        TimeSpan? after = Fill("delete_version_after", Source.DeleteVersionAfter, there?.DeleteVersionAfter ?? TimeSpan.Zero, replaces, differing);
        bool? required = Source.CheckAndSetRequired && there is not { CheckAndSetRequired: true } ? true : null;
        MetadataChange? change = custom.Count == 0 && most is null && after is null && required is null
            ? null
            : new() { CustomMetadata = custom.Count == 0 ? null : custom, MaxVersions = most, DeleteVersionAfter = after, CheckAndSetRequired = required };
        return (change, replaces ? [] : differing);
    }

    private static T? Fill<T>(string name, T wanted, T has, bool replaces, List<string> differing)
        where T : struct, IEquatable<T>
    {
        if (wanted.Equals(default) || wanted.Equals(has))
        {
            return null;
        }

        if (!has.Equals(default))
        {
            differing.Add(name);
        }

        return has.Equals(default) || replaces ? wanted : null;
    }
}
