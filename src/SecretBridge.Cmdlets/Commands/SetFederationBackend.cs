using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Federation;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Commands;

/// <summary>Changes federation backends of ScaiVault: their mode, how often they synchronise, and which side wins.</summary>
[Cmdlet(VerbsCommon.Set, "FederationBackend", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FederationBackend))]
public sealed class SetFederationBackend : StreamCmdlet<(FederationBackends Backends, FederationChange Change)>
{
    /// <summary>The backend: its id, its name where it was made in this session, or what New-FederationBackend wrote.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Name")]
    [ValidateNotNull]
    public FederationArgument? Id { get; set; }

    /// <summary>How ScaiVault shall use it, such as sync.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Mode { get; set; }

    /// <summary>How often it synchronises: digits are sent as a number, anything else as text.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SyncInterval { get; set; }

    /// <summary>Which side wins where both have changed, as ScaiVault's guide names it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ConflictResolution { get; set; }

    /// <summary>The connection to ScaiVault; that of a piped row, else the current one, where none is given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ScaiVaultCompleter))]
    [ValidateNotNull]
    public ScaiVaultArgument? Backend { get; set; }

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<(FederationBackends Backends, FederationChange Change)>, Task> Prepare() =>
        changes => WriteRowsAsync(FederationBackends.ChangeAsync(changes, Cancellation));

    /// <inheritdoc/>
    private protected override IEnumerable<(FederationBackends Backends, FederationChange Change)> Take()
    {
        ScaiVaultArgument? backend = Backend ?? (Id!.Backend is { } name ? new(name) : null);
        FederationBackends backends = FederationKnown.Of(Backends.GetScaiVault(backend));
        var change = new FederationChange { Id = backends.IdOf(Id!.Id), Mode = Mode, SyncInterval = SyncInterval, ConflictResolution = ConflictResolution, Audit = Backends.Audit };
        change.Validate();
        Answer answer = Ask($"Change the federation backend {Id}", $"Change the federation backend {Id}?");
        return answer == Answer.No ? [] : [(backends, change with { PlanOnly = answer == Answer.PlanOnly })];
    }

    /// <inheritdoc/>
    private protected override string? Hint(BridgeException fault) => fault is VaultException { StatusCode: 404 }
        ? "Give the id that New-FederationBackend wrote when the backend was made: a name is known only of what was made or changed in this session."
        : null;
}
