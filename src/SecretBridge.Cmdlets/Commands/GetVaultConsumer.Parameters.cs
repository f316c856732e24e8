using System.Management.Automation;
using SecretBridge.Audit.Consumers;
using SecretBridge.Backends;
using SecretBridge.Completion;

namespace SecretBridge.Commands;

public sealed partial class GetVaultConsumer
{
    /// <summary>The secrets or folders whose consumers are looked for.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string[] Uri { get; set; } = [];

    /// <summary>Files of the server's audit log, packed or not, and folders that hold its rotated files.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    public string[] AuditLog { get; set; } = [];

    /// <summary>Lines of an audit log, or files of one.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>The earliest time to count.</summary>
    [Parameter]
    public DateTimeOffset? Since { get; set; }

    /// <summary>The first time not to count.</summary>
    [Parameter]
    public DateTimeOffset? Until { get; set; }

    /// <summary>What requests have in common that are counted in one row; an identity where nothing is named.</summary>
    [Parameter]
    [ValidateNotNull]
    public ConsumerGrouping[] GroupBy { get; set; } = [];

    /// <summary>The mount of the references. The server is not asked then.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Mount { get; set; }

    /// <summary>The mount's KV version, 1 or 2.</summary>
    [Parameter]
    public int? KvVersion { get; set; }

    /// <summary>The namespace, empty for the root; that of the connection where it is not given, and without one any.</summary>
    [Parameter]
    [ValidateNotNull]
    public string? Namespace { get; set; }

    /// <summary>Audit trails of SecretBridge, by which its own requests are told apart; that of this session where none is named.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] BridgeAudit { get; set; } = [];

    /// <summary>Leaves SecretBridge's own requests out.</summary>
    [Parameter]
    public SwitchParameter ExcludeSecretBridge { get; set; }

    /// <summary>Goes on with what the server logs from now on, until it is stopped.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }
}
