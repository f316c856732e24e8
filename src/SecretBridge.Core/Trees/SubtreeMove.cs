using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// Moves subtrees: copies and reads back, compares each secret once more with its copy, and removes from the source what is
/// equal, at the version that was copied. Nothing is removed where anything of the copy failed, or was lost without consent.
/// </summary>
public sealed class SubtreeMove
{
    private readonly MoveOptions _options;
    private readonly IReporter _reporter;
    private readonly SubtreeCopy _copy;
    private readonly SubtreeRemoval _removal;
    private readonly List<MovedSecret> _moved = [];
    private readonly SortedDictionary<CopyLoss, long> _lost = [];
    private bool _copied;

    /// <summary>Prepares a move.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public SubtreeMove(MoveOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
        _copy = new(options.Copy with { Verify = true }, reporter);
        _removal = new(
            new()
            {
                Stores = options.Copy.SourceStores,
                OtherStores = options.Copy.DestinationStores,
                Extent = options.Extent,
                MaxDelete = options.MaxDelete,
                PlanOnly = options.Copy.PlanOnly,
                ThrottleLimit = options.Copy.ThrottleLimit,
                RateLimit = options.Copy.RateLimit,
                LastCheck = options.LastCheck,
                Time = options.Copy.Time,
                Again = Again,
            },
            reporter);
    }

    /// <summary>The outcome of the copy so far.</summary>
    public CopySummary Copied => _copy.Summary;

    /// <summary>The outcome of the removal so far.</summary>
    public RemovalSummary Removed => _removal.Summary;

    /// <summary>Copies, one row a secret as each is done. <see cref="RemoveAsync"/> comes after it.</summary>
    /// <param name="sources">As for a copy.</param>
    /// <param name="cancellationToken">Ends the copy.</param>
    /// <exception cref="BridgeException">As for a copy; also where a source keeps no versions, and goes for good only on request, and
    /// where <see cref="MoveOptions.LastCheck"/> refuses.</exception>
    public async IAsyncEnumerable<CopyResult> CopyAsync(
        IAsyncEnumerable<TreeItem> sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<TreeItem> checkedSources = await new MoveCheck(_options)
            .RunAsync(RestorableAsync(sources, cancellationToken), cancellationToken).ConfigureAwait(false);
        await foreach (CopyResult row in _copy.RunAsync(checkedSources, cancellationToken).ConfigureAwait(false))
        {
            if (row is { Action: CopyAction.Created or CopyAction.Updated or CopyAction.Unchanged, Destination: { } destination })
            {
                _moved.Add(new(row.Uri, row.Root, row.RelativePath, destination, row.SourceVersion));
                foreach (CopyLoss loss in row.Lossy.Where(_options.Blocks))
                {
                    _lost[loss] = _lost.GetValueOrDefault(loss) + 1;
                }
            }

            yield return row;
        }

        _copied = true;
    }

    /// <summary>Removes from the source what was copied, one row a secret. A secret that changed since stays, and its row says so.</summary>
    /// <exception cref="BridgeException">Something of the copy failed or was lost without consent, more was copied than may go, or
    /// something cannot be read any more (<see cref="FaultKind.RemovalRefused"/>): nothing is removed.</exception>
    public async IAsyncEnumerable<RemoveResult> RemoveAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CopySummary copied = Copied;
        if (!_copied || !copied.Succeeded)
        {
            throw RemovalList.Refusal(_copied
                ? FormattableString.Invariant($"{copied.Failed} secrets or folders failed and {copied.Conflict} are in conflict: the source stays as it is.")
                : "The copy did not come to its end.");
        }

        if (_lost.Count > 0)
        {
            throw RemovalList.Refusal($"Not all of each secret arrived: {string.Join("; ", _lost.Select(lost => LossText.Warning(lost.Key, lost.Value).TrimEnd('.')))}. -AllowLoss {string.Join(",", _lost.Keys)} removes them from the source all the same.");
        }

        if (!_options.Copy.PlanOnly && _moved.Count > _options.MaxDelete)
        {
            throw RemovalList.Refusal(RemovalList.Over(_moved.Count, _options.MaxDelete));
        }

        await foreach (RemoveResult row in _removal.RunAsync(InputsAsync(cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            yield return row;
        }
    }

    private IAsyncEnumerable<RemovalInput> InputsAsync(CancellationToken cancellationToken)
    {
        // Of a plan nothing was written, so that there is nothing to compare with.
        if (_options.Copy.PlanOnly)
        {
            return BoundedPipe.AdaptAsync(_moved.ToAsync(), _options.Copy.ThrottleLimit, _options.Copy.Time, ForeseeAsync, cancellationToken);
        }

        return CompareAsync(cancellationToken);
    }

    private async IAsyncEnumerable<RemovalInput> CompareAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var comparer = new MovedComparer(_options, _reporter);
        var load = new PipeLoad(_options.Copy.ThrottleLimit, _options.Copy.RateLimit, _options.Copy.Time);
        var progress = new ProgressMeter("Comparing with the copies before anything is removed", _reporter, _options.Copy.Time)
        {
            Load = load,
            Phase = "comparing",
            Total = _moved.Count,
        };
        using IDisposable ending = progress.Ending();
        await foreach (TreeDifference row in BoundedPipe.AdaptAsync(_moved.ToAsync(), load, comparer.CompareAsync, cancellationToken).ConfigureAwait(false))
        {
            progress.Count(row.Fault is not null ? "unreadable" : row.SideIndicator == "==" ? "equal" : "different", row.RelativePath);
            if (StoppedRun.IsEnd(row.Fault))
            {
                throw StoppedRun.Of("move", row.Fault!, Again);
            }

            yield return new(row);
        }

        progress.Complete();
    }

    // Both are sound: a journal spares the reading, and either way what is gone is gone and what is left is compared again.
    private string Again => _options.Copy.JournalPath is { } journal
        ? StoppedRun.Resume(journal)
        : "run the same command again: what has arrived is not written again, and what is gone by then is left out.";

    private async Task<RemovalInput> ForeseeAsync(MovedSecret moved, CancellationToken cancellationToken)
    {
        StoreLocation location = await _options.Copy.SourceStores.ResolveAsync(SecretReference.Parse(moved.Uri), cancellationToken).ConfigureAwait(false);
        return new(null, null)
        {
            Foreseen = new() { Uri = moved.Uri, Root = moved.Root, RelativePath = moved.RelativePath, Location = location },
        };
    }

    // Known before anything is copied: a move that would end as a copy is no move.
    private async IAsyncEnumerable<TreeItem> RestorableAsync(
        IAsyncEnumerable<TreeItem> sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TreeItem item in sources.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            StoreCapabilities can = await CapabilitiesAsync(item, cancellationToken).ConfigureAwait(false);
            if (!can.HasFlag(StoreCapabilities.Remove))
            {
                throw new BridgeException(FaultKind.NotSupported, item.Uri, $"'{item.Uri}' is in a store from which nothing can be removed, so that nothing can be moved out of it. Copy it.");
            }

            if (_options.Extent != RemovalExtent.AllVersions && !can.HasFlag(StoreCapabilities.Versions))
            {
                throw new BridgeException(FaultKind.NotSupported, item.Uri,
                    $"'{item.Uri}' is in a store without versions, where nothing can be restored. -AllVersions removes it for good once it is moved.");
            }

            yield return item;
        }
    }

    private async Task<StoreCapabilities> CapabilitiesAsync(TreeItem item, CancellationToken cancellationToken)
    {
        try
        {
            StoreLocation location = await _options.Copy.SourceStores.ResolveAsync(SecretReference.Parse(item.Uri), cancellationToken).ConfigureAwait(false);
            return location.Store.Capabilities;
        }
        catch (BridgeException exception) when (exception.Kind is not (FaultKind.NotConnected or FaultKind.InvalidArgument))
        {
            // The copy makes a failed row of it.
            return StoreCapabilities.Remove | StoreCapabilities.Versions;
        }
    }
}
