namespace SecretBridge.DevVault;

/// <summary>A client token, and what is known about it.</summary>
internal sealed class Token
{
    public required string Id { get; init; }

    public string Accessor { get; init; } = "";

    public required Namespace Namespace { get; init; }

    public required IReadOnlyList<string> Policies { get; init; }

    public Dictionary<string, string>? Meta { get; init; }

    public string DisplayName { get; init; } = "token";

    public string Path { get; init; } = "auth/token/create";

    public string EntityId { get; init; } = "";

    public bool IsBatch { get; init; }

    public bool IsOrphan { get; init; }

    public bool IsRenewable { get; init; }

    public bool IsPeriodic => Period > TimeSpan.Zero;

    public TimeSpan Period { get; init; }

    public TimeSpan CreationTtl { get; init; }

    public TimeSpan ExplicitMaxTtl { get; init; }

    /// <summary>The most that renewing can reach, counted from the creation.</summary>
    public TimeSpan MaxTtl { get; init; }

    public DateTimeOffset Created { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? Expires { get; set; }

    /// <summary>Zero: no limit.</summary>
    public int NumUses { get; init; }

    public int UsesLeft { get; set; }

    public Token? Parent { get; init; }

    /// <summary>What the token wraps, if it is a wrapping token.</summary>
    public WrappedReply? Wrapped { get; init; }

    public bool IsRoot => Policies.Contains("root");

    public string Type => IsBatch ? "batch" : "service";

    public JsonFields DescribeAuth(VaultFlavour flavour, TimeSpan lease)
    {
        var auth = new JsonFields
        {
            ["client_token"] = Id,
            ["accessor"] = Accessor,
            ["policies"] = Policies,
            ["token_policies"] = Policies,
            ["metadata"] = Meta,
            ["lease_duration"] = Seconds(lease),
            ["renewable"] = IsRenewable,
            ["entity_id"] = EntityId,
            ["token_type"] = Type,
            ["orphan"] = IsOrphan,
        };
        if (flavour == VaultFlavour.OpenBao)
        {
            auth["mfa_requirement"] = null;
            auth["num_uses"] = NumUses;
        }
        return auth;
    }

    public JsonMap DescribeLookup(DateTimeOffset now)
    {
        var data = new JsonMap
        {
            ["accessor"] = Accessor,
            ["creation_time"] = Created.ToUnixTimeSeconds(),
            ["creation_ttl"] = (long)CreationTtl.TotalSeconds,
            ["display_name"] = DisplayName,
            ["entity_id"] = EntityId,
            ["expire_time"] = Expires is { } at ? GoTime.Format(at) : null,
            ["explicit_max_ttl"] = (long)ExplicitMaxTtl.TotalSeconds,
            ["id"] = Id,
            ["issue_time"] = GoTime.Format(Created),
            ["meta"] = Meta,
            ["num_uses"] = UsesLeft,
            ["orphan"] = IsOrphan,
            ["path"] = Path,
            ["policies"] = Policies,
            ["renewable"] = IsRenewable,
            ["ttl"] = Expires is { } end ? (long)Math.Max(0, (end - now).TotalSeconds) : 0,
            ["type"] = Type,
        };
        if (!Namespace.IsRoot)
        {
            data["namespace_path"] = Namespace.Path;
        }
        if (IsPeriodic)
        {
            data["period"] = (long)Period.TotalSeconds;
        }
        return data;
    }

    private static long Seconds(TimeSpan lease) => (long)Math.Round(lease.TotalSeconds);
}
