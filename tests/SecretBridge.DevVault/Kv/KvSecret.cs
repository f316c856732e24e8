using System.Globalization;

namespace SecretBridge.DevVault;

/// <summary>A KV v2 secret: its versions and what is set for it.</summary>
internal sealed class KvSecret(DateTimeOffset created)
{
    private const int DefaultMaxVersions = 10;

    public DateTimeOffset Created { get; } = created;

    public DateTimeOffset Updated { get; set; } = created;

    public int CurrentVersion { get; private set; }

    public int OldestVersion { get; private set; }

    public int MaxVersions { get; set; }

    public bool CasRequired { get; set; }

    public bool MetadataCasRequired { get; set; }

    public int MetadataVersion { get; set; }

    public TimeSpan DeleteVersionAfter { get; set; }

    public Dictionary<string, string>? CustomMetadata { get; private set; }

    public SortedDictionary<int, KvVersion> Versions { get; } = [];

    public KvVersion? Current => Versions.GetValueOrDefault(CurrentVersion);

    public KvVersion Add(StoredValue value, DateTimeOffset now, KvConfig config)
    {
        var version = new KvVersion(++CurrentVersion, now, value);
        version.DeleteAt(ExpiryFrom(now, config));
        Versions.Add(CurrentVersion, version);
        Updated = now;

        // The larger of the two counts: a secret's own limit cannot lower the mount's.
        int limit = Math.Max(MaxVersions, config.MaxVersions);
        limit = limit == 0 ? DefaultMaxVersions : limit;
        if (CurrentVersion - OldestVersion >= limit)
        {
            int last = CurrentVersion - limit;
            for (int number = OldestVersion; number <= last; number++)
            {
                Versions.Remove(number);
            }
            OldestVersion = last + 1;
        }
        return version;
    }

    /// <summary>The smaller of the mount's and the secret's own time to live, null when neither has one.</summary>
    public DateTimeOffset? ExpiryFrom(DateTimeOffset now, KvConfig config)
    {
        TimeSpan[] set = [.. new[] { DeleteVersionAfter, config.DeleteVersionAfter }.Where(after => after > TimeSpan.Zero)];
        return set.Length == 0 ? null : now + set.Min();
    }

    public void SetCustomMetadata(Dictionary<string, string>? values)
    {
        CustomMetadata = values;
        foreach (KvVersion version in Versions.Values)
        {
            version.Forget();
        }
    }

    public JsonMap Describe(VaultFlavour flavour)
    {
        var versions = new JsonMap();
        foreach ((int number, KvVersion version) in Versions)
        {
            versions[number.ToString(CultureInfo.InvariantCulture)] = version.DescribeInMetadata();
        }
        var map = new JsonMap
        {
            ["cas_required"] = CasRequired,
            ["created_time"] = GoTime.Format(Created),
            ["current_version"] = CurrentVersion,
            ["delete_version_after"] = GoDuration.Format(DeleteVersionAfter),
            ["max_versions"] = MaxVersions,
            ["oldest_version"] = OldestVersion,
            ["updated_time"] = GoTime.Format(Updated),
            ["versions"] = versions,
        };
        if (flavour == VaultFlavour.OpenBao)
        {
            map["current_metadata_version"] = MetadataVersion;
            map["custom_metadata"] = CustomMetadata;
            map["metadata_cas_required"] = MetadataCasRequired;
        }
        return map;
    }
}
