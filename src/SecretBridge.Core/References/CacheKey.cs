using SecretBridge.Stores;

namespace SecretBridge.References;

/// <summary>What a kept value is the value of.</summary>
/// <param name="Connection">The connection it was read through.</param>
/// <param name="Store">The mount, with its namespace.</param>
/// <param name="Path">The path in it.</param>
/// <param name="Version">The version asked for; null for the latest.</param>
/// <param name="Route">The route and its mode that it was read by; null for none. What a route gave is not for others.</param>
internal sealed record CacheKey(StoreConnection Connection, StoreIdentity Store, SecretPath Path, int? Version, string? Route);
