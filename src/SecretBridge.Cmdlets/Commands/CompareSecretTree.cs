using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Snapshots;
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
        IStoreResolver reference = Backends.Stores(ReferenceBackend), difference = Backends.Stores(DifferenceBackend);
        var options = new CompareOptions
        {
            ReferenceStores = reference,
            DifferenceStores = difference,
            ReferenceUri = ReferenceUri,
            DifferenceUri = DifferenceUri,
            Map = PathRules.Of(Map, MapPath is null ? null : GetUnresolvedProviderPathFromPSPath(MapPath), OnPipelineAsync),
            Include = Include,
            Exclude = Exclude,
            IncludeEqual = IncludeEqual,
            IncludeMetadata = IncludeMetadata,
            IncludeVersion = IncludeVersion,
            KeysOnly = KeysOnly,
            OneWay = OneWay,
            ExcludeKey = ExcludeKey,
            Shard = Shard is null ? null : Trees.Shard.Parse(Shard),
            RateLimit = RateLimit,
            ThrottleLimit = ThrottleLimit,
        };
        options.Validate();
        SnapshotArgument? argument = Snapshot;
        Start(async () =>
        {
            using RunLog log = OpenLog(LogPath);
            using IDisposable reports = Backends.ReportTo(log);
            using SnapshotStore? snapshot = argument is null ? null : await argument.OpenAsync(Backends.SealedStore, Cancellation);
            var comparison = new TreeComparison(
                snapshot is null ? options : options with { ReferenceStores = new SnapshotResolver(snapshot, reference), DifferenceStores = new SnapshotResolver(snapshot, difference) },
                log);
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
