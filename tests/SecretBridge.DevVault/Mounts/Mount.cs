namespace SecretBridge.DevVault;

/// <summary>A secrets engine or auth method at a path.</summary>
internal sealed class Mount(string path, string type, IEngine? engine)
{
    /// <summary>With a trailing slash.</summary>
    public string Path { get; } = path;

    public string Type { get; } = type;

    public IEngine? Engine { get; set; } = engine;

    public string Uuid { get; } = Guid.NewGuid().ToString();

    public string Accessor { get; init; } = "";

    public string Description { get; set; } = "";

    public Dictionary<string, string>? Options { get; set; }

    public TimeSpan DefaultLeaseTtl { get; set; }

    public TimeSpan MaxLeaseTtl { get; set; }

    public bool IsLocal { get; init; }

    public bool IsSealWrapped { get; init; }

    /// <summary>The request header that this mount alone is shown, if any.</summary>
    public string? PassthroughHeader { get; init; }

    public bool IsAuth { get; init; }

    /// <summary>Built-in mounts have no entry in the plugin catalog, hence no deprecation status.</summary>
    public bool IsCore { get; init; }

    /// <summary>How many requests are still refused because the mount's data is being upgraded to version 2.</summary>
    public int UpgradeRefusals { get; set; }

    public JsonMap Describe(VaultFlavour flavour)
    {
        var config = new JsonMap
        {
            ["default_lease_ttl"] = (long)DefaultLeaseTtl.TotalSeconds,
            ["force_no_cache"] = false,
            ["max_lease_ttl"] = (long)MaxLeaseTtl.TotalSeconds,
        };
        if (PassthroughHeader is not null)
        {
            config["passthrough_request_headers"] = new[] { PassthroughHeader };
        }
        if (IsAuth)
        {
            config["token_type"] = "default-service";
        }

        var entry = new JsonMap
        {
            ["accessor"] = Accessor,
            ["config"] = config,
            ["description"] = Description,
            ["external_entropy_access"] = false,
            ["local"] = IsLocal,
            ["options"] = Options,
            ["seal_wrap"] = IsSealWrapped,
            ["type"] = Type,
            ["uuid"] = Uuid,
        };
        if (flavour == VaultFlavour.OpenBao)
        {
            entry["plugin_version"] = "";
            entry["running_plugin_version"] = "v2.5.1+builtin.bao";
            entry["running_sha256"] = "";
            if (!IsCore)
            {
                entry["deprecation_status"] = "supported";
            }
        }
        return entry;
    }
}
