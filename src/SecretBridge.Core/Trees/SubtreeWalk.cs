using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Walks subtrees: every secret below each root, in UTF-8 byte order, folders listed ahead in parallel.</summary>
public sealed class SubtreeWalk
{
    private readonly WalkOptions _options;
    private readonly IReporter _reporter;

    /// <summary>Prepares a walk.</summary>
    public SubtreeWalk(WalkOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
    }

    /// <summary>Walks. A folder that cannot be listed is a row with a fault; the walk goes on.</summary>
    /// <param name="roots">The folders; a row of an earlier walk stands for its one secret.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    public async IAsyncEnumerable<SecretEntry> RunAsync(
        IAsyncEnumerable<TreeItem> roots, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = new PathFilter(_options.Include, _options.Exclude);
        var steps = new SourceExpander(_options.Stores, filter, _options.Depth, _options.ThrottleLimit).RunAsync(roots, cancellationToken);
        var progress = new ProgressMeter("Listing secrets", _reporter, _options.Time);
        IAsyncEnumerable<SecretEntry> entries = _options.Detailed
            ? BoundedPipe.AdaptAsync(steps, _options.ThrottleLimit, _options.Time, DetailAsync, cancellationToken)
            : NamesAsync(steps);
        await foreach (SecretEntry entry in entries.ConfigureAwait(false))
        {
            progress.Count(entry.Fault is null ? "listed" : "unreadable");
            yield return entry;
        }

        progress.Complete();
    }

    private static async IAsyncEnumerable<SecretEntry> NamesAsync(IAsyncEnumerable<SourceStep> steps)
    {
        await foreach (SourceStep step in steps.ConfigureAwait(false))
        {
            yield return SecretEntry.Of(step);
        }
    }

    private async Task<SecretEntry> DetailAsync(SourceStep step, CancellationToken cancellationToken)
    {
        SecretEntry entry = SecretEntry.Of(step);
        if (step.Fault is not null || !step.Location!.Store.Capabilities.HasFlag(StoreCapabilities.Metadata))
        {
            return entry;
        }

        try
        {
            SecretMetadata? metadata = await step.Location.Store.ReadMetadataAsync(step.Location.Path, cancellationToken).ConfigureAwait(false);
            return metadata is null
                ? entry with { State = SecretState.Absent }
                : entry with
                {
                    State = metadata.StateAt(metadata.Now),
                    Version = metadata.CurrentVersion,
                    VersionCount = metadata.Versions.Count,
                    CreatedTime = metadata.CreatedTime,
                    UpdatedTime = metadata.UpdatedTime,
                    DeletionTime = metadata.Versions.FirstOrDefault(version => version.Number == metadata.CurrentVersion)?.DeletionTime,
                    CustomMetadata = metadata.CustomMetadata,
                };
        }
        catch (BridgeException exception)
        {
            return entry with { State = SecretState.Unreadable, Reason = exception.Message, Fault = exception };
        }
    }
}
