namespace SecretBridge.DevVault;

/// <summary>A request that the server saw, and what it answered. Holds no token and no body.</summary>
public sealed record RequestRecord
{
    public required long Number { get; init; }

    public required string Method { get; init; }

    /// <summary>The request line's target as it was sent.</summary>
    public required string RawTarget { get; init; }

    /// <summary>Decoded once, without /v1/ and without the query.</summary>
    public required string Path { get; init; }

    public required string Query { get; init; }

    public required RequestKind Kind { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>By lower-case name; tokens are replaced.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Tells connections apart.</summary>
    public required string ConnectionId { get; init; }

    public string Protocol { get; init; } = "";

    public long BodyLength { get; set; }

    /// <summary>The accessor of the token, or a hash of one that the server does not know; empty without one.</summary>
    public string Token { get; set; } = "";

    public string Namespace { get; set; } = "";

    /// <summary>Zero while it is under way, or when the connection was cut instead.</summary>
    public int Status { get; set; }

    /// <summary>The fault that met it, if any.</summary>
    public FaultKind? Fault { get; set; }
}
