namespace SecretBridge.Health;

/// <summary>A line of a policy that a token is held against.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Capabilities">What the token should be able to do there.</param>
/// <param name="Unchecked">What else the line says, of which the server tells nothing.</param>
internal sealed record RequiredCapability(string Path, IReadOnlyList<string> Capabilities, IReadOnlyList<string> Unchecked);
