namespace SecretBridge.DevVault;

/// <summary>What a stand-in for ScaiVault is started as.</summary>
public sealed record DevScaiVaultOptions
{
    /// <summary>Where to listen; port 0 takes a free one.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:0");

    /// <summary>The one token that it takes; null: a random one.</summary>
    public string? Token { get; init; }

    /// <summary>Null: plain HTTP.</summary>
    public TlsOptions? Tls { get; init; }
}
