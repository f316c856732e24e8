namespace SecretBridge.Health;

/// <summary>How a server is.</summary>
public sealed record VaultHealth
{
    /// <summary>The server's address.</summary>
    public required string Address { get; init; }

    /// <summary>The connection's name; null where an address was asked.</summary>
    public string? Backend { get; init; }

    /// <summary>What it is.</summary>
    public required HealthStatus Status { get; init; }

    /// <summary>The HTTP status of the health answer; null where none came.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Whether it is active, or a standby where that was said to be enough, and every check passed.</summary>
    public bool Healthy { get; init; }

    /// <summary>The server's version.</summary>
    public string? Version { get; init; }

    /// <summary><c>Vault</c> or <c>OpenBao</c>.</summary>
    public string? Product { get; init; }

    /// <summary>The cluster's name.</summary>
    public string? ClusterName { get; init; }

    /// <summary>The cluster's id.</summary>
    public string? ClusterId { get; init; }

    /// <summary>How long the answer took, in milliseconds.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>When the server's certificate ends; null without TLS.</summary>
    public DateTimeOffset? CertificateExpires { get; init; }

    /// <summary>How far the server's clock is ahead of this one. Leases and deletion times are the server's.</summary>
    public TimeSpan? ClockSkew { get; init; }

    /// <summary>When the token ends; null for never, or without a token.</summary>
    public DateTimeOffset? TokenExpires { get; init; }

    /// <summary>How long the token still lives.</summary>
    public TimeSpan? TokenTtl { get; init; }

    /// <summary>Whether the token can be renewed; null without a token.</summary>
    public bool? Renewable { get; init; }

    /// <summary>The token's policies.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>One sentence on what was found.</summary>
    public required string Message { get; init; }

    /// <summary>The reference whose capabilities were checked; null for none.</summary>
    public string? Path { get; init; }

    /// <summary>The lines of the given policy that the token lacks; empty where it has all, or none was given.</summary>
    public IReadOnlyList<MissingCapability> MissingCapability { get; init; } = [];

    /// <summary>The checks, one a row.</summary>
    public IReadOnlyList<HealthCheck> Checks { get; init; } = [];
}
