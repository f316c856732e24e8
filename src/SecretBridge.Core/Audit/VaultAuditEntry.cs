namespace SecretBridge.Audit;

/// <summary>
/// What a server's audit log says of one request: its plain fields. The data of request and response are never taken, because a
/// log may hold them raw.
/// </summary>
public sealed record VaultAuditEntry
{
    /// <summary>When it was logged.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary><c>request</c> or <c>response</c>; the response where both are there.</summary>
    public string? Type { get; init; }

    /// <summary>Such as <c>read</c> or <c>update</c>.</summary>
    public string? Operation { get; init; }

    /// <summary>The API path, such as <c>kv/data/apps/web</c>.</summary>
    public string? Path { get; init; }

    /// <summary>The namespace's path; null for the root.</summary>
    public string? Namespace { get; init; }

    /// <summary>The token's display name.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The token's entity; null where it has none.</summary>
    public string? EntityId { get; init; }

    /// <summary>Where the request came from.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>Why the server refused it; null where it did not.</summary>
    public string? Error { get; init; }

    /// <summary>The server's id of the request.</summary>
    public string? RequestId { get; init; }

    /// <summary>Operation and path, with the error if there was one.</summary>
    public override string ToString() => Error is null ? $"{Operation} {Path}" : $"{Operation} {Path}: {Error}";
}
