namespace SecretBridge.DevVault;

/// <summary>An AppRole role and the secret_ids given out for it.</summary>
internal sealed class AppRole(string name)
{
    public string Name { get; } = name;

    public string RoleId { get; set; } = Guid.NewGuid().ToString();

    public TokenSettings Tokens { get; set; } = TokenSettings.Default;

    public bool BindSecretId { get; set; } = true;

    public int SecretIdNumUses { get; set; }

    public TimeSpan SecretIdTtl { get; set; }

    public Dictionary<string, SecretId> SecretIds { get; } = new(StringComparer.Ordinal);

    public JsonMap Describe()
    {
        JsonMap map = Tokens.Describe();
        map["bind_secret_id"] = BindSecretId;
        map["local_secret_ids"] = false;
        map["secret_id_bound_cidrs"] = null;
        map["secret_id_num_uses"] = SecretIdNumUses;
        map["secret_id_ttl"] = (long)SecretIdTtl.TotalSeconds;
        return map;
    }
}
