namespace SecretBridge.DevVault;

/// <summary>What a role says about the tokens that logins get.</summary>
internal sealed record TokenSettings(
    IReadOnlyList<string> Policies, TimeSpan Ttl, TimeSpan MaxTtl, TimeSpan Period, int NumUses, string Type)
{
    public static TokenSettings Default { get; } = new([], TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 0, "default");

    public JsonMap Describe() => new()
    {
        ["token_bound_cidrs"] = Array.Empty<string>(),
        ["token_explicit_max_ttl"] = 0,
        ["token_max_ttl"] = (long)MaxTtl.TotalSeconds,
        ["token_no_default_policy"] = false,
        ["token_num_uses"] = NumUses,
        ["token_period"] = (long)Period.TotalSeconds,
        ["token_policies"] = Policies,
        ["token_ttl"] = (long)Ttl.TotalSeconds,
        ["token_type"] = Type,
    };
}
