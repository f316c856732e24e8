namespace SecretBridge.Reporting;

/// <summary>Keeps no events: the audit trail is off.</summary>
public sealed class NoAudit : IAuditSink
{
    private NoAudit()
    {
    }

    /// <summary>The one instance.</summary>
    public static NoAudit Instance { get; } = new();

    /// <inheritdoc/>
    public void Check()
    {
    }

    /// <inheritdoc/>
    public void Write(AuditEvent auditEvent)
    {
    }
}
