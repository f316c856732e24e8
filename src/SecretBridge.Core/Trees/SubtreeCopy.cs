using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Copies subtrees below one destination folder: the latest version of each secret, or all that it has.</summary>
public sealed class SubtreeCopy
{
    private readonly CopyOptions _options;
    private readonly IReporter _reporter;
    private readonly CopyTally _tally;

    /// <summary>Prepares a copy.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public SubtreeCopy(CopyOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
        _tally = new(options, reporter);
    }

    /// <summary>The outcome so far; whole once the rows came to their end.</summary>
    public CopySummary Summary => _tally.Summary;

    /// <summary>Copies, one row a secret as each is done, in the order of the walk.</summary>
    /// <param name="sources">Folders, whose contents land below the destination, and rows, which land there by their relative path.</param>
    /// <param name="cancellationToken">Ends the copy; what was begun has ended when the enumeration has.</param>
    /// <exception cref="BridgeException">Source and destination overlap, two paths of a map meet, or a failure lets nothing go on.</exception>
    public async IAsyncEnumerable<CopyResult> RunAsync(
        IAsyncEnumerable<TreeItem> sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreLocation destination = await _options.DestinationStores
            .ResolveAsync(SecretReference.Parse(_options.DestinationUri), cancellationToken).ConfigureAwait(false);
        var map = PathMap.Of(_options.Map);
        var audit = new CopyAudit(_options, destination);
        audit.Started();
        MirrorDeletion? mirror = _options.Mirror ? new(_options, destination, _reporter) : null;
        IWriteSession? session = null;
        try
        {
            session = _options.PlanOnly ? null : await destination.Store.OpenWriteSessionAsync(cancellationToken).ConfigureAwait(false);
            var target = new CopyTarget(_options, destination, session, cancellationToken);
            var copier = new SecretCopier(_options, map, target, new VersionLimit(destination.Store, _reporter, cancellationToken));
            var notice = new SourceNotice(_options, target, _tally);
            IAsyncEnumerable<SourceStep> steps = CountedAsync(mirror?.Watch(sources, cancellationToken) ?? sources, destination, copier, cancellationToken);
            if (!map.CannotCollide)
            {
                steps = (await WholeAsync(steps, map, destination, cancellationToken).ConfigureAwait(false)).ToAsync();
            }

            var over = new StrongBox<BridgeException?>();
            await foreach (CopyOutcome outcome in BoundedPipe
                .AdaptAsync(UntilOverAsync(steps, notice, copier, over, cancellationToken), _options.ThrottleLimit, _options.Time, (step, stop) => CopyAsync(copier, step, over, stop), cancellationToken).ConfigureAwait(false))
            {
                // What is under way still gives its rows: a write that was made must be told.
                _tally.Count(outcome);
                yield return outcome.Row;
            }

            if (over.Value is { } end)
            {
                throw new BridgeException(end.Kind, end.Target, $"The copy stopped: {end.Message}", end);
            }

            await foreach (CopyResult row in (mirror?.RunAsync(Summary.Failed + Summary.Conflict, session, cancellationToken) ?? Array.Empty<CopyResult>().ToAsync()).ConfigureAwait(false))
            {
                _tally.Count(new(row, false));
                yield return row;
            }

            audit.IsWhole = true;
        }
        finally
        {
            if (session is not null)
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }

            audit.Finished(Summary);
        }

        _tally.Conclude(map);
    }

    // Known as soon as it happens: the reader of the rows may be far behind.
    private static async Task<CopyOutcome> CopyAsync(SecretCopier copier, SourceStep step, StrongBox<BridgeException?> over, CancellationToken cancellationToken)
    {
        CopyOutcome outcome = await copier.CopyAsync(step, cancellationToken).ConfigureAwait(false);
        if (outcome.Row.Fault is { Kind: FaultKind.TokenInvalid or FaultKind.CircuitOpen or FaultKind.Sealed } fault)
        {
            Interlocked.CompareExchange(ref over.Value, fault, null);
        }

        return outcome;
    }

    private static async IAsyncEnumerable<SourceStep> UntilOverAsync(
        IAsyncEnumerable<SourceStep> steps, SourceNotice notice, SecretCopier copier, StrongBox<BridgeException?> over,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (SourceStep step in steps.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (over.Value is not null)
            {
                yield break;
            }

            await notice.LookAsync(step, cancellationToken).ConfigureAwait(false);
            yield return copier.Claim(step);
        }
    }

    private async IAsyncEnumerable<SourceStep> CountedAsync(
        IAsyncEnumerable<TreeItem> sources, StoreLocation destination, SecretCopier copier, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var expander = new SourceExpander(_options.SourceStores, new(_options.Include, _options.Exclude), null, _options.ThrottleLimit, seekTwin: true);
        long count = 0;
        IAsyncEnumerable<TreeItem> items = NoticeSecondAsync(sources, copier, cancellationToken);
        await foreach (SourceStep step in expander.RunAsync(WithOverlapRefused(items, destination, cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            count++;
            yield return step;
        }

        _tally.Total = count;
    }

    // One tree cannot meet itself at the destination; two things may. So nothing starts before it is known which it is.
    private static async IAsyncEnumerable<TreeItem> NoticeSecondAsync(
        IAsyncEnumerable<TreeItem> sources, SecretCopier copier, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TreeItem? first = null;
        await foreach (TreeItem item in sources.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (first is null)
            {
                first = item;
                continue;
            }

            if (!copier.RemembersDestinations)
            {
                copier.RemembersDestinations = true;
                yield return first;
            }

            yield return item;
        }

        if (first is not null && !copier.RemembersDestinations)
        {
            yield return first;
        }
    }

    private async IAsyncEnumerable<TreeItem> WithOverlapRefused(
        IAsyncEnumerable<TreeItem> sources, StoreLocation destination, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TreeItem item in sources.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (item.RelativePath is null && await TryResolveAsync(item.Uri, cancellationToken).ConfigureAwait(false) is { } root
                && root.Store.Identity == destination.Store.Identity
                && (root.Path.IsAtOrBelow(destination.Path) || destination.Path.IsAtOrBelow(root.Path)))
            {
                throw new BridgeException(FaultKind.Overlap, item.Uri,
                    $"The source '{root.Uri}' and the destination '{destination.Uri}' overlap: one lies inside the other.");
            }

            yield return item;
        }
    }

    // A reference that does not resolve becomes a failed row when it is expanded.
    private async Task<StoreLocation?> TryResolveAsync(string uri, CancellationToken cancellationToken)
    {
        try
        {
            return await _options.SourceStores.ResolveAsync(SecretReference.Parse(uri), cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind is not (FaultKind.NotConnected or FaultKind.InvalidArgument))
        {
            return null;
        }
    }

    // Only a map that cannot make two paths meet may write before the walk of names is over.
    private async Task<List<SourceStep>> WholeAsync(
        IAsyncEnumerable<SourceStep> steps, PathMap map, StoreLocation destination, CancellationToken cancellationToken)
    {
        _reporter.Verbose("The map may lead two paths to one: all names are walked before anything is written.");
        var whole = new List<SourceStep>();
        var targets = new Dictionary<SecretPath, string>();
        await foreach (SourceStep step in steps.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            whole.Add(step);
            if (step is { Fault: null, IsTwin: false } && await map.ApplyAsync(step.Relative, cancellationToken).ConfigureAwait(false) is { } target && !targets.TryAdd(target, step.Uri) && targets[target] != step.Uri)
            {
                throw new BridgeException(FaultKind.MapCollision, step.Uri,
                    $"The map leads both '{targets[target]}' and '{step.Uri}' to '{destination.UriOf(target)}'. Nothing was written.");
            }
        }

        return whole;
    }
}
