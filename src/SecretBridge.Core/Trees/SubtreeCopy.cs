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
    private readonly PipeLoad _load;
    private readonly Dictionary<string, string> _stores = new(StringComparer.Ordinal);

    /// <summary>Prepares a copy.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public SubtreeCopy(CopyOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
        _load = new(options.ThrottleLimit, options.RateLimit, options.Time);
        _tally = new(options, reporter, _load);
    }

    /// <summary>The outcome so far; whole once the rows came to their end.</summary>
    public CopySummary Summary => _tally.Summary;

    /// <summary>Which stores the secrets came from and went to, by their roots.</summary>
    internal IReadOnlyDictionary<string, string> Stores => _stores;

    /// <summary>Copies, one row a secret as each is done, in the order of the walk.</summary>
    /// <param name="sources">Folders, whose contents land below the destination, and rows, which land there by their relative path.</param>
    /// <param name="cancellationToken">Ends the copy; what was begun has ended when the enumeration has.</param>
    /// <exception cref="BridgeException">Source and destination overlap, two paths of a map meet, a journal is of another run, or a
    /// failure lets nothing go on.</exception>
    public async IAsyncEnumerable<CopyResult> RunAsync(
        IAsyncEnumerable<TreeItem> sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IDisposable ending = _tally.Ending();
        StoreLocation destination = await _options.DestinationStores
            .ResolveAsync(SecretReference.Parse(_options.DestinationUri), cancellationToken).ConfigureAwait(false);
        if (_options.Mirror && !destination.Store.Capabilities.HasFlag(StoreCapabilities.List))
        {
            throw new BridgeException(FaultKind.NotSupported, destination.Uri, $"'{destination.Uri}' cannot be listed, so that a mirror cannot tell what to delete there. Nothing was copied.");
        }

        _stores[destination.Store.Root.ToString()] = RunSettings.Text(destination.Store.Identity);
        var map = PathMap.Of(_options.Map);
        MirrorDeletion? mirror = _options.Mirror ? new(_options, destination, _reporter, _load) : null;
        using var journal = CopyJournal.Open(_options, destination);
        var audit = new CopyAudit(_options, destination);
        audit.Started();
        IWriteSession? session = null;
        try
        {
            session = _options.PlanOnly ? null : await destination.Store.OpenWriteSessionAsync(cancellationToken).ConfigureAwait(false);
            var target = new CopyTarget(_options, destination, session, cancellationToken);
            var copier = new SecretCopier(_options, map, target, new VersionLimit(destination.Store, _reporter, cancellationToken), journal);
            var notice = new SourceNotice(_options, target, _tally);
            IAsyncEnumerable<SourceStep> steps = new CopySteps(_options, destination, map, copier, _tally, journal, _reporter)
                .RunAsync(mirror?.Watch(sources, cancellationToken) ?? sources, cancellationToken);
            var over = new StrongBox<BridgeException?>();
            await foreach (CopyOutcome outcome in BoundedPipe
                .AdaptAsync(UntilOverAsync(steps, notice, journal, over, cancellationToken), _load, (step, stop) => CopyAsync(copier, step, over, stop), cancellationToken).ConfigureAwait(false))
            {
                // What is under way still gives its rows: a write that was made must be told.
                Tell(outcome, journal);
                yield return outcome.Row;
            }

            if (over.Value is { } end)
            {
                throw Stopped(end, journal);
            }

            foreach (CopyOutcome deleted in journal?.Deleted ?? [])
            {
                Tell(deleted, journal);
                yield return deleted.Row;
            }

            if (mirror is not null)
            {
                _tally.Phase = "deleting";
            }

            await foreach (CopyResult row in (mirror?.RunAsync(Summary.Failed + Summary.Conflict, session, cancellationToken) ?? Array.Empty<CopyResult>().ToAsync()).ConfigureAwait(false))
            {
                Tell(new(row, false), journal);
                yield return row;
            }

            journal?.Finish(Summary);
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
        if (!StoppedRun.IsEnd(outcome.Row.Fault))
        {
            return outcome;
        }

        // The end of the run is told once, by what ends it: the rows of what was under way say why they failed, and no more.
        Interlocked.CompareExchange(ref over.Value, outcome.Row.Fault, null);
        return outcome with { Row = outcome.Row with { Fault = null } };
    }

    // The journal first: whoever wants no more rows ends the copy as a row is given.
    private void Tell(CopyOutcome outcome, CopyJournal? journal)
    {
        journal?.Write(outcome);
        _tally.Count(outcome);
    }

    private BridgeException Stopped(BridgeException end, CopyJournal? journal)
    {
        string next = journal is not null ? StoppedRun.Resume(_options.JournalPath!)
            : _options.PlanOnly ? ""
            : _options.Planned is not null ? "make a new plan: what has arrived is not in it."
            : _options.Again ?? "run the same command: what has arrived is not written again. With -JournalPath and -Resume it is not even read again.";
        return StoppedRun.Of("copy", end, next);
    }

    private async IAsyncEnumerable<SourceStep> UntilOverAsync(
        IAsyncEnumerable<SourceStep> steps, SourceNotice notice, CopyJournal? journal, StrongBox<BridgeException?> over,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (SourceStep step in steps.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (over.Value is not null)
            {
                yield break;
            }

            if (step.Location?.Store is { } store)
            {
                _stores[store.Root.ToString()] = RunSettings.Text(store.Identity);
                journal?.Look(step);
            }

            await notice.LookAsync(step, cancellationToken).ConfigureAwait(false);
            yield return step;
        }
    }
}
