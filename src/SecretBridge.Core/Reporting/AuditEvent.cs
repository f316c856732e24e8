namespace SecretBridge.Reporting;

/// <summary>One thing that was done with a secret. It names the secret and never holds its value.</summary>
/// <param name="Action">What was done, such as <c>secret.decrypted</c> or <c>copy.finished</c>.</param>
/// <param name="Reference">The complete reference it was done to.</param>
public sealed record AuditEvent(string Action, string Reference)
{
    /// <summary>The detail that holds the server's id of the request.</summary>
    internal const string RequestId = "vault_request_id";

    /// <summary>The detail that holds the id that was sent with the request.</summary>
    internal const string CorrelationId = "correlation_id";

    /// <summary>Who did it, as the connection knows; null leaves it to the trail, which knows the user of this machine.</summary>
    public string? Actor { get; init; }

    /// <summary>The workflow on whose behalf it was done; null where none was named.</summary>
    public string? Workflow { get; init; }

    /// <summary>The connection it was done through; null for a store without one.</summary>
    public string? Backend { get; init; }

    /// <summary>What else is known, such as the server's id of the request: paths, ids and counts.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
