namespace SecretBridge.Wire;

/// <summary>Everything that a connection is made of.</summary>
public sealed record ConnectOptions
{
    /// <summary>The name that references use for the connection: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The address: <c>https://host:port</c>, <c>http://host:port</c> or <c>unix:///path</c>.</summary>
    public required string Address { get; init; }

    /// <summary>How to get a token.</summary>
    public required VaultAuth Auth { get; init; }

    /// <summary>The namespace of all secrets; null for the root.</summary>
    public string? Namespace { get; init; }

    /// <summary>The namespace of the login, where it is another one.</summary>
    public string? AuthNamespace { get; init; }

    /// <summary>How certificates are checked and shown.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>The address of a proxy; null for the system's settings, which count for no server on this machine.</summary>
    public string? Proxy { get; init; }

    /// <summary>Other nodes of the cluster that the server may redirect to, by host.</summary>
    public IReadOnlyCollection<string> RedirectHosts { get; init; } = [];

    /// <summary>The mount that bare names stand in; null for none.</summary>
    public string? DefaultMount { get; init; }

    /// <summary>The KV version of mounts, 1 or 2, where the server does not tell it.</summary>
    public int? KvVersion { get; init; }

    /// <summary>How often a request is tried again.</summary>
    public int MaxRetries { get; init; } = 4;

    /// <summary>How long one try may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request may take with all its tries and waits.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Requests a second; null for no limit.</summary>
    public double? RateLimit { get; init; }

    /// <summary>How many requests may go at once before <see cref="RateLimit"/> counts; null for one second's worth.</summary>
    public int? RateBurst { get; init; }

    /// <summary>Connections open at once.</summary>
    public int MaxConnections { get; init; } = 64;

    /// <summary>Does not look the token up: for a token of limited use, or one that may not look itself up.</summary>
    public bool NoVerify { get; init; }

    /// <summary>Whose configuration file the connection was read from, in words; null where there was none.</summary>
    public string? ConfigurationKind { get; init; }

    /// <summary>Source paths and where they lead, as that file says, in its order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> PathMap { get; init; } = [];

    /// <summary>A path with placeholders, as that file says; null where it says none.</summary>
    public string? PathTemplate { get; init; }

    /// <summary>Whether audit events name the server's request.</summary>
    public bool CaptureRequestId { get; init; } = true;

    /// <summary>Name and address.</summary>
    public override string ToString() => $"{Name} ({Address})";
}
