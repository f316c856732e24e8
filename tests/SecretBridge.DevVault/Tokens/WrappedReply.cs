namespace SecretBridge.DevVault;

/// <summary>A reply that waits in a wrapping token, and where it came from.</summary>
internal sealed record WrappedReply(Reply Reply, string CreationPath, DateTimeOffset CreationTime, TimeSpan Ttl, string? WrappedAccessor);
