using SecretBridge.Wire;

namespace SecretBridge.Configuration;

/// <summary>What another system's configuration file says about a connection. Null is what it does not say.</summary>
internal sealed record BridgeConfiguration
{
    /// <summary>Whose file it is.</summary>
    public required ConfigurationKind Kind { get; init; }

    /// <summary>Its kind in words.</summary>
    public string KindName => Kind switch
    {
        ConfigurationKind.SagewaiAdminState => "Sagewai admin state",
        ConfigurationKind.RenseiCredentialBackend => "Rensei credential backend",
        ConfigurationKind.ScaiVaultFederation => "ScaiVault federation",
        _ => "environment file",
    };

    /// <summary>Whether the connection may be made at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The server's address.</summary>
    public string? Address { get; init; }

    /// <summary>The namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>How to log in.</summary>
    public VaultAuth? Auth { get; init; }

    /// <summary>The mount that bare names stand in, with the folder in it that they begin at.</summary>
    public string? DefaultMount { get; init; }

    /// <summary>What a bare name means: <c>vault</c> or <c>builtin</c>.</summary>
    public string? DefaultScheme { get; init; }

    /// <summary>Source paths and where they lead, in the file's order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> PathMap { get; init; } = [];

    /// <summary>A path with placeholders, such as <c>{mount}/data/{orgId}/{kind}</c>.</summary>
    public string? PathTemplate { get; init; }

    /// <summary>Whether the server's certificate is checked.</summary>
    public bool? TlsVerify { get; init; }

    /// <summary>Whether audit events name the server's request.</summary>
    public bool CaptureRequestId { get; init; } = true;

    /// <summary>What the user should change, or know before use. No values.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What else was seen and not used. No values.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
