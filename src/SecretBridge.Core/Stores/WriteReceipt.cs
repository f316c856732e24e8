namespace SecretBridge.Stores;

/// <summary>What a store answered to a write.</summary>
/// <param name="Version">The version written, or null where the store keeps none.</param>
/// <param name="RequestId">The server's id of the request, where it sent one.</param>
public sealed record WriteReceipt(int? Version, string? RequestId = null)
{
    /// <summary>When the store will delete the version by itself; null for never.</summary>
    public DateTimeOffset? DeletionTime { get; init; }
}
