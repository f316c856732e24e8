using System.Collections.Concurrent;
using SecretBridge.Audit;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Backends;

/// <summary>Which audit trail a runspace keeps: the one that was switched on at a connection, else that of <c>SECRETBRIDGE_AUDIT</c>, else none.</summary>
internal static class AuditSwitch
{
    /// <summary>The environment variable that names a trail's file.</summary>
    internal const string Variable = "SECRETBRIDGE_AUDIT";

    private static readonly ConcurrentDictionary<string, AuditTrail> Trails = new(StringComparer.Ordinal);

    /// <summary>The trail of a file; one for all that ask in this process.</summary>
    /// <exception cref="BridgeException">It cannot be a file.</exception>
    internal static AuditTrail Trail(string path)
    {
        try
        {
            return Trails.GetOrAdd(Path.GetFullPath(path), full => new(new() { Path = full, Actor = Environment.UserName }));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or IOException)
        {
            throw new BridgeException(FaultKind.AuditFailed, path, $"'{path}' cannot be the file of an audit trail: {exception.Message}", exception);
        }
    }

    /// <summary>Where the events of a runspace go.</summary>
    internal static IAuditSink Of(BackendRegistry registry) =>
        registry.Audit ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? Trail(path) : NoAudit.Instance);
}
