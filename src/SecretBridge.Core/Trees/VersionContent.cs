using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>One kept version of a secret, as far as it can be read.</summary>
/// <param name="Number">Its number; null where the store counts none.</param>
/// <param name="State">What stands there.</param>
/// <param name="Payload">The payload, or its shape; null unless live.</param>
internal sealed record VersionContent(int? Number, SecretState State, SecretPayload? Payload);
