namespace SecretBridge.Wire;

/// <summary>What a connection needs to know, checked.</summary>
internal sealed record WireOptions
{
    public required VaultAddress Address { get; init; }

    /// <summary>Whose API is spoken.</summary>
    public WireDialect Dialect { get; init; } = WireDialect.Vault;

    /// <summary>The namespace without slashes at its ends; null for the root.</summary>
    public string? Namespace { get; init; }

    public TlsOptions Tls { get; init; } = new();

    public ProxyAddress? Proxy { get; init; }

    public int MaxConnections { get; init; } = 64;

    public IReadOnlyCollection<string> RedirectHosts { get; init; } = [];

    public int MaxRetries { get; init; } = 4;

    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Requests a second; null for no limit.</summary>
    public double? RateLimit { get; init; }

    public int? RateBurst { get; init; }

    /// <summary>Writes a namespace as headers want it: no slashes at its ends, nothing for the root.</summary>
    public static string? Normalise(string? ns) => ns?.Trim('/') is { Length: > 0 } trimmed ? trimmed : null;
}
