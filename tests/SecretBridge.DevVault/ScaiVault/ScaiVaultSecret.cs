namespace SecretBridge.DevVault;

/// <summary>A secret as the stand-in for ScaiVault holds it.</summary>
public sealed record ScaiVaultSecret
{
    /// <summary>The payloads, the oldest kept first.</summary>
    public required IReadOnlyList<string> Versions { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Description { get; init; }

    public int MaxVersions { get; init; } = 10;

    public string Json => Versions[^1];
}
