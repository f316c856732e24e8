using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>One secret to work on.</summary>
/// <param name="Uri">Its reference.</param>
/// <param name="PlanOnly">Whether only to say what would be done.</param>
/// <param name="Payload">What to write, where it is to be written.</param>
public sealed record SecretItem(string Uri, bool PlanOnly = false, SecretPayload? Payload = null);
