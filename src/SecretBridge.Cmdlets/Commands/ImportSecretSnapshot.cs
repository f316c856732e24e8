using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Pipeline;
using SecretBridge.Stores;
using SecretBridge.Stores.Snapshots;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <summary>Brings the secrets of a snapshot below a folder, with their histories and metadata, and can prove that each arrived.</summary>
[Cmdlet(VerbsData.Import, "SecretSnapshot", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(CopyResult), typeof(CopySummary))]
public sealed partial class ImportSecretSnapshot : AsyncCmdlet
{
    private const string Source = "snapshot://";

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        string path = GetUnresolvedProviderPathFromPSPath(Path);
        string? key = KeyFile is null ? null : GetUnresolvedProviderPathFromPSPath(KeyFile);
        var argument = SnapshotArgument.Of(path, Passphrase, PassphraseEnv, key);
        IStoreResolver stores = Backends.Stores(DestinationBackend);
        var options = new CopyOptions
        {
            SourceStores = stores,
            DestinationStores = stores,
            DestinationUri = DestinationUri,
            Map = PathRules.Of(Map, MapPath is null ? null : GetUnresolvedProviderPathFromPSPath(MapPath), OnPipelineAsync),
            Include = Include,
            Exclude = Exclude,
            Conflict = Conflict,
            Version = VersionSelection.Parse(Version),
            KeepVersionNumber = KeepVersionNumber,
            DeletedVersion = DeletedVersion,
            IncludeMetadata = !SkipMetadata,
            IncludeMountConfig = IncludeMountConfig,
            Verify = Verify,
            ThrottleLimit = ThrottleLimit,
            Audit = Backends.Audit,
            Again = "run the same command: what has arrived is not written again.",
        };
        options.Validate();
        string what = $"Import '{path}' below {DestinationUri}";
        Answer answer = Ask(what, what + "?");
        if (answer == Answer.No)
        {
            return;
        }

        Start(async () =>
        {
            using SnapshotStore snapshot = await argument.OpenAsync(Backends.SealedStore, Cancellation);
            var copy = new SubtreeCopy(
                options with { SourceStores = new SnapshotResolver(snapshot, stores), PlanOnly = answer == Answer.PlanOnly }, Reporter);
            await WriteRowsAsync(copy.RunAsync(new[] { new TreeItem(Source) }.ToAsync(), Cancellation), row => WriteUnless(Summary, row));
            if (Summary)
            {
                await WriteAsync(copy.Summary);
            }
        });
        Finish();
    });
}
