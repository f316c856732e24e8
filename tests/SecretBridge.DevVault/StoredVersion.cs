namespace SecretBridge.DevVault;

/// <summary>A version as the model holds it; <see cref="Json"/> keeps the digits that were sent and is null once destroyed.</summary>
public sealed record StoredVersion(int Number, string? Json, bool IsReadable, DateTimeOffset? DeletionTime, bool IsDestroyed);
