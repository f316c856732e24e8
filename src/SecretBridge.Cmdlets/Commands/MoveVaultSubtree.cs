using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <summary>Moves secrets below a folder: copies, reads back, compares, and removes from the source what is equal.</summary>
[Cmdlet(VerbsCommon.Move, "VaultSubtree", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(CopyResult), typeof(RemoveResult), typeof(CopySummary), typeof(RemovalSummary))]
public sealed partial class MoveVaultSubtree : StreamCmdlet<TreeItem>
{
    private string Then => AllVersions ? "remove all its versions and metadata for good"
        : Destroy ? "destroy its versions for good"
        : "delete it at the source";

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<TreeItem>, Task>? Prepare()
    {
        if (Destroy && AllVersions)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "AllVersions", "Give either -Destroy or -AllVersions.");
        }

        var options = new MoveOptions
        {
            Copy = WithControl(WithFidelity(new()
            {
                SourceStores = Backends.Stores(SourceBackend),
                DestinationStores = Backends.Stores(DestinationBackend),
                DestinationUri = DestinationUri,
                Map = PathRules.Of(Map, MapPath is null ? null : GetUnresolvedProviderPathFromPSPath(MapPath), OnPipelineAsync),
                Include = Include,
                Exclude = Exclude,
                Conflict = Conflict,
                ThrottleLimit = ThrottleLimit,
                Audit = Backends.Audit,
            })),
            Extent = AllVersions ? RemovalExtent.AllVersions : Destroy ? RemovalExtent.Destroy : RemovalExtent.Delete,
            MaxDelete = MaxDelete,
            AllowLoss = AllowLoss,
            LastCheck = new RetirementUse(SessionState, Backends, Reporter).Check(Backends.Stores(SourceBackend), NotReadSince, AuditLog, BridgeAudit),
        };
        options.Validate();
        string what = $"Move {(SourceUri.Length > 0 ? SourceUri : "the piped secrets")} below {DestinationUri} and {Then}";
        Answer answer = Ask(what, what + "?");
        if (answer == Answer.No)
        {
            return null;
        }

        return async sources =>
        {
            using RunLog log = OpenLog(LogPath);
            using IDisposable reports = Backends.ReportTo(log);
            var move = new SubtreeMove(options with { Copy = options.Copy with { PlanOnly = answer == Answer.PlanOnly } }, log);
            await WriteRowsAsync(log.Watch(move.CopyAsync(sources, Cancellation), Cancellation), row => WriteUnless(Summary, row));
            await WriteRowsAsync(log.Watch(move.RemoveAsync(Cancellation), Cancellation), row => WriteUnless(Summary, row));
            if (Summary)
            {
                await WriteAsync(move.Copied);
                await WriteAsync(move.Removed);
            }
        };
    }

    /// <inheritdoc/>
    private protected override IEnumerable<TreeItem> Take() => [TreeInput.Item(SourceUri, InputObject)];
}
