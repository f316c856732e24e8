namespace SecretBridge.Reporting;

/// <summary>
/// Takes the events of an audit trail. An event that cannot be kept is a failure of the operation that it tells of.
/// </summary>
public interface IAuditSink
{
    /// <summary>Keeps an event. May be called from many threads at once.</summary>
    /// <exception cref="BridgeException">It cannot be kept (<see cref="FaultKind.AuditFailed"/>).</exception>
    void Write(AuditEvent auditEvent);
}
