using System.Management.Automation;
using SecretBridge.Audit;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Reads SecretBridge's own audit trail, and finds its events in Vault's audit log.</summary>
[Cmdlet(VerbsCommon.Get, "BridgeAuditEvent")]
[OutputType(typeof(BridgeAuditEvent))]
public sealed class GetBridgeAuditEvent : AsyncCmdlet
{
    /// <summary>The files of audit trails; that of this session where none is named.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The actions to read, with * and ?.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Action { get; set; } = [];

    /// <summary>The secrets or folders to read of, or references with *.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(UriCompleter))]
    [ValidateNotNull]
    public string[] Uri { get; set; } = [];

    /// <summary>The earliest time to read.</summary>
    [Parameter]
    public DateTimeOffset? Since { get; set; }

    /// <summary>The first time not to read.</summary>
    [Parameter]
    public DateTimeOffset? Until { get; set; }

    /// <summary>The workflows to read of, with * and ?.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Workflow { get; set; } = [];

    /// <summary>Who did it, with * and ?.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Actor { get; set; } = [];

    /// <summary>Files or folders of Vault's own audit log.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] VaultAuditLog { get; set; } = [];

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        var read = new AuditRead(
            new()
            {
                Paths = Path.Length > 0 ? Array.ConvertAll(Path, GetUnresolvedProviderPathFromPSPath) : OfSession(),
                Actions = Action,
                Uris = Uri,
                Since = Since,
                Until = Until,
                Workflows = Workflow,
                Actors = Actor,
                VaultLogs = LogPaths.Files(SessionState, VaultAuditLog),
            },
            Reporter);
        Start(() => WriteRowsAsync(read.RunAsync(Cancellation), row => WriteUnless(row.Fault is not null, row)));
        Finish();
    });

    private string[] OfSession() => Backends.Trail is AuditTrail trail ? [trail.Path] : [];
}
