using System.Collections.Concurrent;
using SecretBridge.Reporting;

namespace SecretBridge.Tests.Audit;

/// <summary>Keeps events in memory, or refuses them.</summary>
internal sealed class RecordingAudit : IAuditSink
{
    private readonly ConcurrentQueue<AuditEvent> _events = new();

    public bool Refuses { get; set; }

    public IReadOnlyList<AuditEvent> Events => [.. _events];

    public void Check()
    {
    }

    public void Write(AuditEvent auditEvent)
    {
        if (Refuses)
        {
            throw new BridgeException(FaultKind.AuditFailed, "audit", "The audit trail is full.");
        }

        _events.Enqueue(auditEvent);
    }
}
