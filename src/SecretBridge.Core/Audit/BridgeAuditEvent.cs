using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>One event of SecretBridge's own audit trail. It names a secret and never holds its value.</summary>
public sealed record BridgeAuditEvent : IFaultRow
{
    /// <summary>The complete reference of what the event was about.</summary>
    public required string Uri { get; init; }

    /// <summary>When it was, UTC.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>What was done, such as <c>secret.decrypted</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Who did it: the token's display name where it was known, else the user of the machine.</summary>
    public string? Actor { get; init; }

    /// <summary>The workflow on whose behalf it was done; null where none was named.</summary>
    public string? Workflow { get; init; }

    /// <summary>The connection it was done through; null for a store without one.</summary>
    public string? Backend { get; init; }

    /// <summary>The server's id of the request; null where it sent none or it is not captured.</summary>
    public string? RequestId { get; init; }

    /// <summary>The id that was sent with the request.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>What else is known, such as versions and counts.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The matching entry of the server's audit log; null where none was asked for or found.</summary>
    public VaultAuditEntry? VaultEntry { get; init; }

    /// <summary>What matched: <c>RequestId</c> or <c>CorrelationId</c>; null where nothing did.</summary>
    public string? MatchedBy { get; init; }

    /// <summary>The file that holds it.</summary>
    public required string File { get; init; }

    /// <summary>Its line there, from 1.</summary>
    public long Line { get; init; }

    /// <summary>What was done to what.</summary>
    public override string ToString() => $"{Action} {Uri}";

    BridgeException? IFaultRow.Fault => Fault;

    /// <summary>Why the line cannot be read; such a row is none to show.</summary>
    internal BridgeException? Fault { get; init; }
}
