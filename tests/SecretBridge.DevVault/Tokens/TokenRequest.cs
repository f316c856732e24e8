namespace SecretBridge.DevVault;

/// <summary>What a new token is to be.</summary>
internal sealed record TokenRequest
{
    public required Namespace Namespace { get; init; }

    public required IReadOnlyCollection<string> Policies { get; init; }

    public string? Id { get; init; }

    public string DisplayName { get; init; } = "token";

    public string Path { get; init; } = "auth/token/create";

    public Dictionary<string, string>? Meta { get; init; }

    public string EntityId { get; init; } = "";

    /// <summary>Zero: the default of 768 h, but for root tokens no end.</summary>
    public TimeSpan Ttl { get; init; }

    public TimeSpan MaxTtl { get; init; }

    public TimeSpan ExplicitMaxTtl { get; init; }

    public TimeSpan Period { get; init; }

    public int NumUses { get; init; }

    public bool IsBatch { get; init; }

    public bool IsRenewable { get; init; } = true;

    public bool IsOrphan { get; init; }

    public Token? Parent { get; init; }

    public WrappedReply? Wrapped { get; init; }
}
