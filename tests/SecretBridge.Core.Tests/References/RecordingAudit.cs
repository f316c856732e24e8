using System.Collections.Concurrent;
using SecretBridge.Reporting;

namespace SecretBridge.Tests.References;

/// <summary>Keeps events.</summary>
public sealed class RecordingAudit : IAuditSink
{
    public ConcurrentQueue<AuditEvent> Events { get; } = new();

    public void Check()
    {
    }

    public void Write(AuditEvent auditEvent) => Events.Enqueue(auditEvent);
}
