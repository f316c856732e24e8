using System.Management.Automation;
using SecretBridge.Audit.Consumers;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Values;

namespace SecretBridge.Backends;

/// <summary>The condition that -NotReadSince puts before a removal, by the audit logs and trails that the parameters beside it name.</summary>
/// <param name="session">Resolves the paths.</param>
/// <param name="backends">Knows the trail of this session.</param>
/// <param name="reporter">Where the check says what it has found.</param>
internal sealed class RetirementUse(SessionState session, BackendUse backends, IReporter reporter)
{
    /// <summary>The check; null where none was asked for. The run begins now.</summary>
    /// <param name="stores">Finds the stores of what goes.</param>
    /// <param name="since">-NotReadSince.</param>
    /// <param name="auditLog">-AuditLog.</param>
    /// <param name="bridgeAudit">-BridgeAudit.</param>
    /// <exception cref="BridgeException">The parameters do not fit, or one names no file (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal Func<IReadOnlyList<string>, CancellationToken, Task>? Check(IStoreResolver stores, DateTimeOffset? since, string[] auditLog, string[] bridgeAudit)
    {
        if (since is not { } day)
        {
            return auditLog.Length == 0 ? null
                : throw new BridgeException(FaultKind.InvalidArgument, "NotReadSince", "Say with -NotReadSince since when nobody may have read what goes.");
        }

        var options = new RetirementOptions
        {
            Stores = stores,
            NotReadSince = day,
            Logs = LogPaths.Matching(session, auditLog),
            Trails = LogPaths.Trails(session, bridgeAudit, backends),
        };
        return new RetirementCheck(options, reporter).CheckAsync;
    }
}
