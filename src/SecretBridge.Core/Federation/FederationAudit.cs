using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Wire;

namespace SecretBridge.Federation;

/// <summary>Tells an audit trail of what is made and changed of a server's federation, as its stores tell of secrets.</summary>
/// <param name="audit">The trail.</param>
/// <param name="connection">The name of the connection.</param>
internal sealed class FederationAudit(IAuditSink audit, string connection)
{
    private static readonly SecretPath Folder = SecretPath.Parse("federation/backends");

    /// <summary>Sends a change and tells of it.</summary>
    /// <param name="action">What is done.</param>
    /// <param name="row">The backend, as far as it is known when it is asked for.</param>
    /// <param name="send">Sends the change.</param>
    /// <param name="details">What is told beside; null values are left out. Nothing of the configuration belongs here.</param>
    /// <exception cref="BridgeException">The change failed, or it cannot be told (<see cref="FaultKind.AuditFailed"/>).</exception>
    public async ValueTask RunAsync(string action, Func<FederationBackend> row, Func<ValueTask<VaultReply>> send, IEnumerable<(string Name, string? Value)> details)
    {
        var all = details.Where(detail => detail.Value is not null).ToDictionary(detail => detail.Name, detail => detail.Value!, StringComparer.Ordinal);
        if (audit is not NoAudit)
        {
            all[AuditEvent.CorrelationId] = Correlation.Current = Guid.NewGuid().ToString("D");
        }

        VaultReply? reply = null;
        await ToldChange.RunAsync(audit, $"The federation backend '{row().Name}'", async () => reply = await send().ConfigureAwait(false), failure =>
        {
            if (failure is not null)
            {
                all["outcome"] = "unknown";
            }

            if ((reply?.RequestId ?? (failure as VaultException)?.RequestId) is { } request)
            {
                all[AuditEvent.RequestId] = request;
            }

            audit.Write(new(action, Reference(row().Id)) { Backend = connection, Details = all });
        }).ConfigureAwait(false);
    }

    // A server's id that can be no name must not keep the event from being written.
    private string Reference(string? id) => SecretReference.Create(
        "scaivault", connection, id is null || id.Contains('/', StringComparison.Ordinal) || PathSegment.Flaw(id) is not null ? Folder : Folder.Append(id)).ToString();
}
