using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Trees;

namespace SecretBridge.Inventory;

/// <summary>
/// Counts subtrees as they are walked: names by listings, states and times by one metadata read a secret, sizes by one read more
/// where they are asked for. Nothing is kept of a folder once the walk has left it.
/// </summary>
public sealed class SubtreeMeasurement
{
    private readonly MeasureOptions _options;
    private readonly IReporter _reporter;
    private readonly SourceExpander _expander;
    private readonly MeasuredReads _reads;

    /// <summary>Prepares a measurement.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public SubtreeMeasurement(MeasureOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
        _expander = new(options.Stores, new(options.Include, options.Exclude), null, options.ThrottleLimit);
        _reads = new(options, reporter);
    }

    /// <summary>
    /// Counts. There is a row for each root, also an empty one, after those of the folders below it. What could not be read is
    /// counted as such, and is a fault of the rows that lack it.
    /// </summary>
    /// <param name="roots">The folders; rows of an earlier walk stand for their one secret each, and are counted below their root.</param>
    /// <param name="cancellationToken">Ends the measurement.</param>
    public async IAsyncEnumerable<SubtreeMeasure> RunAsync(
        IAsyncEnumerable<TreeItem> roots, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var progress = new ProgressMeter("Measuring secrets", _reporter, _options.Time);
        MeasuredRoot? root = null;
        OpenFolders folders = Fresh();
        string last = "";
        bool told = false;
        IAsyncEnumerable<MeasuredStep> steps = BoundedPipe.AdaptAsync(
            StepsAsync(roots, cancellationToken), _options.ThrottleLimit, _options.Time, _reads.ReadAsync, cancellationToken);
        await foreach (MeasuredStep step in steps.ConfigureAwait(false))
        {
            if (!ReferenceEquals(step.Root, root))
            {
                foreach (SubtreeMeasure row in Ended(root, folders))
                {
                    yield return row;
                }

                (root, folders, last) = (step.Root, Fresh(), "");
            }

            if (step.Step is not { } place || step.HasVanished)
            {
                continue;
            }

            BridgeException? lost = place.Fault;
            foreach (FolderTally left in folders.Enter(lost is null ? place.Relative.Parent : place.Relative))
            {
                if (IsShown(left))
                {
                    yield return left.Row(root, _options);
                }
            }

            told = told || WarnOfOrder(last, place.RelativePath);
            last = place.RelativePath;
            if (lost is null)
            {
                folders.Current.Add(place.Relative.Name, step);
            }
            else
            {
                folders.Current.AddUnreadable(lost);
            }

            if ((lost ?? step.Fault) is { } fault)
            {
                _reporter.Verbose(fault.Message);
            }

            progress.Count((lost ?? step.Fault) is null ? "measured" : "unreadable", place.RelativePath);
        }

        foreach (SubtreeMeasure row in Ended(root, folders))
        {
            yield return row;
        }

        progress.Complete();
    }

    private OpenFolders Fresh() => new(withContents: !_options.ByFolder, _options.LargeBytes);

    private bool IsShown(FolderTally folder) => folder.Level == 0
        || (_options.ByFolder ? folder.Secrets > 0 || folder.Unreadable > 0 : folder.Level <= _options.Depth);

    private IEnumerable<SubtreeMeasure> Ended(MeasuredRoot? root, OpenFolders folders) => root is null
        ? []
        : folders.Enter(SecretPath.Root).Append(folders.Root).Where(IsShown).Select(folder => folder.Row(root, _options));

    // Rows that somebody has sorted otherwise bring the walk into the same folder twice.
    private bool WarnOfOrder(string last, string next)
    {
        if (Utf8Order.Instance.Compare(next, last) >= 0)
        {
            return false;
        }

        _reporter.Warning($"The secrets do not come in the order of their paths ('{next}' after '{last}'): a folder that comes again is counted again.");
        return true;
    }

    private async IAsyncEnumerable<MeasuredStep> StepsAsync(IAsyncEnumerable<TreeItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        MeasuredRoot? root = null;
        string? rowsRoot = null;
        await foreach (TreeItem item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            // A folder out of a row is a root of its own: its figures are not those of the root above it.
            bool isRow = item.RelativePath is { Length: > 0 } relative && !relative.EndsWith('/');
            if (root is null || !isRow || rowsRoot != (item.Root ?? item.Uri))
            {
                rowsRoot = isRow ? item.Root ?? item.Uri : null;
                root = await _reads.RootAsync(rowsRoot ?? item.Uri, cancellationToken).ConfigureAwait(false);
                yield return new(root, null);
            }

            TreeItem taken = isRow ? item : new(item.Uri);
            await foreach (SourceStep step in _expander.RunAsync(new[] { taken }.ToAsync(), cancellationToken).ConfigureAwait(false))
            {
                yield return new(root, step);
            }
        }
    }
}
