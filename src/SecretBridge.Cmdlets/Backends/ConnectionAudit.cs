using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Backends;

/// <summary>Names the login of the connection in events that were not told by its store: one token is one actor in the whole trail.</summary>
/// <param name="trail">Where the events go.</param>
/// <param name="find">Finds a connection by its name.</param>
internal sealed class ConnectionAudit(IAuditSink trail, Func<string?, VaultBackend?> find) : IAuditSink
{
    /// <inheritdoc/>
    public void Check() => trail.Check();

    /// <inheritdoc/>
    public void Write(AuditEvent e) =>
        trail.Write(e.Actor is null && e.Backend is { } name && e.Reference.StartsWith("vault://", StringComparison.Ordinal) ? e with { Actor = find(name)?.TokenName } : e);
}
