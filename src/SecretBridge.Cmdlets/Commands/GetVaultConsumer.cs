using System.Management.Automation;
using SecretBridge.Audit.Consumers;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Finds out who reads secrets, from a server's audit log.</summary>
[Cmdlet(VerbsCommon.Get, "VaultConsumer")]
[OutputType(typeof(VaultConsumer))]
public sealed partial class GetVaultConsumer : StreamCmdlet<LogInput>
{
    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<LogInput>, Task> Prepare()
    {
        if (AuditLog.Length == 0 && !MyInvocation.ExpectingInput)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(AuditLog), "Give the server's audit log with -AuditLog, or pipe its lines or files.");
        }

        if (Wait && MyInvocation.ExpectingInput)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Wait), "-Wait looks at the files of -AuditLog; nothing may be piped then.");
        }

        var scan = new ConsumerScan(
            new()
            {
                Uris = Uri,
                Stores = Backends.Stores(Backend),
                Mount = Mount,
                KvVersion = KvVersion,
                Namespace = Namespace,
                Logs = LogPaths.Matching(SessionState, AuditLog),
                Since = Since,
                Until = Until,
                GroupBy = GroupBy,
                Trails = LogPaths.Trails(SessionState, BridgeAudit, Backends),
                ExcludesOwn = ExcludeSecretBridge,
                Waits = Wait,
            },
            Reporter);
        return inputs => WriteRowsAsync(scan.RunAsync(inputs, Cancellation), row => WriteUnless(row.Fault is not null, row));
    }

    /// <inheritdoc/>
    private protected override IEnumerable<LogInput> Take() => InputObject?.BaseObject switch
    {
        null => [],
        string line => [new(line, null)],
        FileSystemInfo file => [new(null, file.FullName)],
        object other => throw new BridgeException(FaultKind.InvalidArgument, nameof(InputObject), $"{other.GetType().Name} was piped, which is neither a line of an audit log nor a file."),
    };

    /// <inheritdoc/>
    private protected override string? Hint(BridgeException fault) => fault.Kind is FaultKind.MountNotFound
        ? "Where the server cannot tell the mount, say it with -Mount, and its version with -KvVersion."
        : null;
}
