using System.Management.Automation;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <summary>Copies secrets below a folder, with their histories and metadata where asked, and can prove that each arrived.</summary>
[Cmdlet(VerbsCommon.Copy, "VaultSubtree", DefaultParameterSetName = TreeSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(CopyResult), typeof(CopySummary), typeof(CopyPlan))]
public sealed partial class CopyVaultSubtree : StreamCmdlet<TreeItem>
{
    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<TreeItem>, Task>? Prepare()
    {
        if (Plan is not null)
        {
            return PreparePlanned();
        }

        var options = new CopyOptions
        {
            SourceStores = Backends.Stores(SourceBackend),
            DestinationStores = Backends.Stores(DestinationBackend),
            DestinationUri = DestinationUri,
            Map = PathRules.Of(Map, MapPath is null ? null : GetUnresolvedProviderPathFromPSPath(MapPath), OnPipelineAsync),
            Include = Include,
            Exclude = Exclude,
            Conflict = Conflict,
            Mirror = Mirror,
            MaxDelete = MaxDelete,
            Verify = Verify,
            ThrottleLimit = ThrottleLimit,
            Audit = Backends.Audit,
        };
        options = WithControl(WithFidelity(options));
        options.Validate();
        if (AsPlan)
        {
            return !Mirror ? PreparePlan(options) : throw new BridgeException(FaultKind.InvalidArgument, nameof(AsPlan),
                "A plan deletes nothing, so that it cannot be that of a mirror. -Mirror -WhatIf shows what a mirror would delete; plan without -Mirror, and mirror after the planned copy.");
        }

        string source = SourceUri.Length > 0 ? SourceUri : "the piped secrets";
        string what = $"Copy {source} below {DestinationUri}{(Mirror ? ", and delete there what the source lacks" : "")}";
        Answer answer = Ask(what, what + "?");
        return answer == Answer.No ? null : sources => LoggedAsync(async log =>
        {
            var copy = new SubtreeCopy(options with { PlanOnly = answer == Answer.PlanOnly }, log);
            await WriteRowsAsync(log.Watch(copy.RunAsync(sources, Cancellation), Cancellation), row => WriteUnless(Summary, row));
            return copy.Summary;
        });
    }

    /// <inheritdoc/>
    private protected override IEnumerable<TreeItem> Take() => Plan is null ? [TreeInput.Item(SourceUri, InputObject)] : [];

    private async Task LoggedAsync(Func<RunLog, Task<CopySummary>> run)
    {
        using RunLog log = OpenLog(LogPath);
        using IDisposable reports = Backends.ReportTo(log);
        CopySummary summary = await run(log);
        if (Summary)
        {
            await WriteAsync(summary);
        }
    }
}
