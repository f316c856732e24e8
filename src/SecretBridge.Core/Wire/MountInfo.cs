namespace SecretBridge.Wire;

/// <summary>What a server tells of one mount.</summary>
internal sealed record MountInfo
{
    /// <summary>The mount without slashes at its ends.</summary>
    public required string Path { get; init; }

    public required string Type { get; init; }

    public string? Description { get; init; }

    public string? Accessor { get; init; }

    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How the mount is tuned: names with texts, numbers and flags as JSON spells them.</summary>
    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public bool? IsLocal { get; init; }

    public bool? HasSealWrap { get; init; }

    public string? PluginVersion { get; init; }

    /// <summary>Whether the server told nothing of it, and what was given is believed.</summary>
    public bool IsAssumed { get; init; }

    /// <summary>1 or 2 for a KV mount; null for any other. Old servers and the default tell no version, which means 1.</summary>
    public int? KvVersion => Type is "kv" or "generic" ? (Options.GetValueOrDefault("version") == "2" ? 2 : 1) : null;

    public static MountInfo Read(string path, JsonFields mount) => new()
    {
        Path = path.Trim('/'),
        Type = mount.Text("type") ?? "",
        Description = mount.Text("description"),
        Accessor = mount.Text("accessor"),
        Options = mount.Map("options"),
        Config = mount.Object("config").Texts(),
        IsLocal = mount.Has("local") ? mount.Flag("local") : null,
        HasSealWrap = mount.Has("seal_wrap") ? mount.Flag("seal_wrap") : null,
        PluginVersion = mount.Text("running_plugin_version") is { Length: > 0 } version ? version : null,
    };
}
