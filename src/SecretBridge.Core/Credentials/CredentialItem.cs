using SecretBridge.Stores;

namespace SecretBridge.Credentials;

/// <summary>One credential to work on.</summary>
/// <param name="Uri">Its reference.</param>
/// <param name="PlanOnly">Whether only to say what would be done.</param>
/// <param name="Secret">The secret to write; null to generate one, where one is written at all.</param>
public sealed record CredentialItem(string Uri, bool PlanOnly = false, SealedValue? Secret = null);
