namespace SecretBridge.DevVault;

/// <summary>A secret_id: how often and how long it still serves.</summary>
internal sealed class SecretId(string accessor, int numUses, DateTimeOffset? expires, Dictionary<string, string> metadata)
{
    public string Accessor { get; } = accessor;

    public int NumUses { get; } = numUses;

    public int UsesLeft { get; set; } = numUses;

    public DateTimeOffset? Expires { get; } = expires;

    public Dictionary<string, string> Metadata { get; } = metadata;
}
