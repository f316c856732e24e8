namespace SecretBridge.Reporting;

/// <summary>
/// Takes the events of an audit trail. An event that cannot be kept is a failure of the operation that it tells of.
/// </summary>
public interface IAuditSink
{
    /// <summary>Makes sure that an event could be kept, before something is changed that could not be told afterwards.</summary>
    /// <exception cref="BridgeException">It could not (<see cref="FaultKind.AuditFailed"/>).</exception>
    void Check();

    /// <summary>Keeps an event. May be called from many threads at once.</summary>
    /// <exception cref="BridgeException">It cannot be kept (<see cref="FaultKind.AuditFailed"/>).</exception>
    void Write(AuditEvent auditEvent);
}
