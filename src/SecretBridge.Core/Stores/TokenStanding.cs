namespace SecretBridge.Stores;

/// <summary>What a server says of a token.</summary>
/// <param name="IsAlive">Whether it was accepted. A token that may not look itself up is refused like a dead one.</param>
/// <param name="Expires">When it ends; null for never, or where it is not accepted.</param>
public sealed record TokenStanding(bool IsAlive, DateTimeOffset? Expires);
