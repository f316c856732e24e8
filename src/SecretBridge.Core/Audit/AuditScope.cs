using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Wire;

namespace SecretBridge.Audit;

/// <summary>On whose behalf a store is used, and where that is told.</summary>
internal sealed record AuditScope
{
    /// <summary>Where events go.</summary>
    public required IAuditSink Sink { get; init; }

    /// <summary>The connection of a name; null where there is none.</summary>
    public required Func<string?, VaultBackend?> Backend { get; init; }

    /// <summary>The workflow, where one was named.</summary>
    public string? Workflow { get; init; }

    /// <summary>Makes correlation ids.</summary>
    public Func<string> NewId { get; init; } = () => Guid.NewGuid().ToString("D");

    /// <summary>Gives the requests of the calling async method an id.</summary>
    internal string Correlate()
    {
        string id = NewId();
        Correlation.Current = id;
        return id;
    }

    /// <summary>Writes an event.</summary>
    /// <param name="action">What was done.</param>
    /// <param name="location">To what.</param>
    /// <param name="correlationId">The id that its requests carried.</param>
    /// <param name="requestId">The server's id; null where it sent none.</param>
    /// <param name="details">What else is known; null values are left out.</param>
    /// <exception cref="BridgeException">It cannot be kept (<see cref="FaultKind.AuditFailed"/>).</exception>
    internal void Write(string action, StoreLocation location, string correlationId, string? requestId, params (string Name, string? Value)[] details)
    {
        string? name = location.Store.Root.Backend;
        VaultBackend? backend = name is null || location.Store.Root.Scheme != "vault" ? null : Backend(name);
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string detail, string? value) in details)
        {
            if (value is not null)
            {
                all[detail] = value;
            }
        }

        if (requestId is not null && backend?.CapturesRequestId != false)
        {
            all[AuditEvent.RequestId] = requestId;
        }

        all[AuditEvent.CorrelationId] = correlationId;
        Sink.Write(new(action, location.Uri) { Actor = backend?.TokenName, Workflow = Workflow, Backend = name, Details = all });
    }

    /// <summary>Makes sure that a change could be told, before it is made.</summary>
    internal void Check() => Sink.Check();
}
