using System.Security;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>What a connection to ScaiVault is made of.</summary>
public sealed record ScaiVaultOptions
{
    /// <summary>The name that references use for the connection: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The address: <c>https://host:port</c>, <c>http://host:port</c> or <c>unix:///path</c>.</summary>
    public required string Address { get; init; }

    /// <summary>The token, sent as a bearer token with each request.</summary>
    public required SecureString Token { get; init; }

    /// <summary>How certificates are checked and shown.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>The address of a proxy; null for the system's settings, which count for no server on this machine.</summary>
    public string? Proxy { get; init; }

    /// <summary>How often a request is tried again.</summary>
    public int MaxRetries { get; init; } = 4;

    /// <summary>How long one try may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request may take with all its tries and waits.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Requests a second; null for no limit.</summary>
    public double? RateLimit { get; init; }

    /// <summary>Name and address.</summary>
    public override string ToString() => $"{Name} ({Address})";

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="Reporting.BridgeException">An option cannot be right.</exception>
    public void Validate() => _ = ToWire();

    internal WireOptions ToWire() => VaultBackend.Check(new()
    {
        Name = Name,
        Address = Address,
        Auth = new TokenAuth(Token),
        Tls = Tls,
        Proxy = Proxy,
        MaxRetries = MaxRetries,
        RequestTimeout = RequestTimeout,
        Deadline = Deadline,
        RateLimit = RateLimit,
    });
}
