namespace SecretBridge.DevVault;

/// <summary>What is set for a whole KV v2 mount.</summary>
internal sealed class KvConfig
{
    public int MaxVersions { get; set; }

    public bool CasRequired { get; set; }

    public bool MetadataCasRequired { get; set; }

    public TimeSpan DeleteVersionAfter { get; set; }

    public JsonMap Describe(VaultFlavour flavour)
    {
        var map = new JsonMap
        {
            ["cas_required"] = CasRequired,
            ["delete_version_after"] = GoDuration.Format(DeleteVersionAfter),
            ["max_versions"] = MaxVersions,
        };
        if (flavour == VaultFlavour.OpenBao)
        {
            map["metadata_cas_required"] = MetadataCasRequired;
        }
        return map;
    }
}
