using System.Collections.Specialized;

namespace SecretBridge.Federation;

/// <summary>An entry of ScaiVault's audit log. Its guide does not say what is in one: <see cref="Fields"/> holds what the server wrote.</summary>
public sealed record ScaiVaultAuditEvent
{
    /// <summary>The identity that was asked for.</summary>
    public required string IdentityId { get; init; }

    /// <summary>When it happened: <c>timestamp</c>, else <c>time</c>; null where there is neither.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>What was done: <c>action</c>, else <c>operation</c>, <c>event</c> or <c>event_type</c>; null where there is none of them.</summary>
    public string? Action { get; init; }

    /// <summary>What it was done to: <c>path</c>, else <c>resource</c>; null where there is neither.</summary>
    public string? Path { get; init; }

    /// <summary>The texts, numbers and booleans of the entry, as text, in its order.</summary>
    public required OrderedDictionary Fields { get; init; }

    /// <summary>The connection that was asked.</summary>
    public required string Backend { get; init; }

    /// <summary>The identity and what it did.</summary>
    public override string ToString() => $"{IdentityId}: {Action} {Path}".TrimEnd();
}
