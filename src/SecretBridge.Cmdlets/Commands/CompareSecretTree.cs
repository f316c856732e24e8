using System.Management.Automation;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <summary>Compares two subtrees without showing a value. Writes nothing where all is equal.</summary>
[Cmdlet(VerbsData.Compare, "SecretTree", DefaultParameterSetName = "Rows")]
[OutputType(typeof(TreeDifference), ParameterSetName = ["Rows"])]
[OutputType(typeof(bool), ParameterSetName = ["Quiet"])]
[OutputType(typeof(ComparisonSummary), ParameterSetName = ["Summary"])]
public sealed partial class CompareSecretTree : AsyncCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        var options = new CompareOptions
        {
            ReferenceStores = Backends.Stores(ReferenceBackend),
            DifferenceStores = Backends.Stores(DifferenceBackend),
            ReferenceUri = ReferenceUri,
            DifferenceUri = DifferenceUri,
            Map = PathRules.Of(Map, MapPath is null ? null : GetUnresolvedProviderPathFromPSPath(MapPath), OnPipelineAsync),
            Include = Include,
            Exclude = Exclude,
            IncludeEqual = IncludeEqual,
            IncludeMetadata = IncludeMetadata,
            IncludeVersion = IncludeVersion,
            KeysOnly = KeysOnly,
            ExcludeKey = ExcludeKey,
            Shard = Shard is null ? null : Trees.Shard.Parse(Shard),
            RateLimit = RateLimit,
            ThrottleLimit = ThrottleLimit,
        };
        options.Validate();
        Start(async () =>
        {
            using RunLog log = OpenLog(LogPath);
            using IDisposable reports = Backends.ReportTo(log);
            var comparison = new TreeComparison(options, log);
            await WriteRowsAsync(log.Watch(comparison.RunAsync(Cancellation), Cancellation), row => WriteUnless(Quiet || Summary, row));
            if (Quiet)
            {
                await WriteAsync(comparison.Summary.IsClean);
            }
            else if (Summary)
            {
                await WriteAsync(comparison.Summary);
            }
        });
        Finish();
    });
}
