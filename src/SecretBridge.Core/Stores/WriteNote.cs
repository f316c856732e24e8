namespace SecretBridge.Stores;

/// <summary>What a store with <see cref="StoreCapabilities.WriteNote"/> keeps beside a value that it is given.</summary>
public sealed record WriteNote
{
    /// <summary>Tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>A description; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>How many versions to keep; null leaves it to the store.</summary>
    public int? MaxVersions { get; init; }
}
