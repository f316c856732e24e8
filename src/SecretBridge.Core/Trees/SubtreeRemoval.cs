using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// Removes secrets that a comparison has found elsewhere. All of them are known before the first is removed, and none is
/// where one could not be read.
/// </summary>
public sealed class SubtreeRemoval
{
    private readonly RemovalOptions _options;
    private readonly IReporter _reporter;
    private readonly ProgressMeter _progress;
    private readonly PipeLoad _load;
    private readonly long[] _counts = new long[Enum.GetValues<RemoveAction>().Length];
    private long _refused;

    /// <summary>Prepares a removal.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public SubtreeRemoval(RemovalOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
        _load = new(options.ThrottleLimit, options.RateLimit, options.Time);
        _progress = new("Removing secrets", reporter, options.Time) { Load = _load, Phase = options.Force ? "walking" : null };
    }

    /// <summary>The outcome so far; whole once the rows came to their end.</summary>
    public RemovalSummary Summary => new()
    {
        Deleted = _counts[(int)RemoveAction.Deleted],
        Destroyed = _counts[(int)RemoveAction.Destroyed],
        Removed = _counts[(int)RemoveAction.Removed],
        Skipped = _counts[(int)RemoveAction.Skipped] - _refused,
        Refused = _refused,
        Failed = _counts[(int)RemoveAction.Failed],
        Planned = _options.PlanOnly,
        Duration = _progress.Elapsed,
    };

    /// <summary>Removes, one row a secret: first those that may not go, then the others as each is done.</summary>
    /// <param name="inputs">Rows of a comparison, or with force folders and secrets; none where the options hold a comparison.</param>
    /// <param name="cancellationToken">Ends the removal; what was begun has ended when the enumeration has.</param>
    /// <exception cref="BridgeException">Nothing may go (<see cref="FaultKind.RemovalRefused"/>), or a failure lets nothing go on.</exception>
    public async IAsyncEnumerable<RemoveResult> RunAsync(
        IAsyncEnumerable<RemovalInput> inputs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IDisposable ending = _progress.Ending();
        var list = new RemovalList(_options);
        IAsyncEnumerable<RemoveResult?> left = _options.Comparison is { } comparison
            ? CompareAsync(list, comparison, cancellationToken)
            : TakeAsync(list, inputs, cancellationToken);
        await foreach (RemoveResult? result in left.ConfigureAwait(false))
        {
            if (result is not null)
            {
                yield return Counted(result);
            }
        }

        // What nothing is left of does not count against the limit; short of it, the removal itself will see.
        if (_options.Force && list.IsOver)
        {
            await foreach (RemoveResult gone in TakeOutGoneAsync(list, cancellationToken).ConfigureAwait(false))
            {
                yield return Counted(gone);
            }
        }

        list.Check(_reporter);
        await CheckLastAsync(list.Items, cancellationToken).ConfigureAwait(false);
        _progress.Total = Summary.Total + list.Items.Count;
        _progress.Phase = _options.PlanOnly ? "planning" : "removing";
        var over = new StrongBox<BridgeException?>();
        var sessions = new WriteSessions();
        try
        {
            var remover = new SecretRemover(_options, sessions);
            await foreach (RemoveResult result in BoundedPipe
                .AdaptAsync(UntilOverAsync(list.Items, over), _load, remover.RemoveAsync, cancellationToken).ConfigureAwait(false))
            {
                over.Value ??= StoppedRun.IsEnd(result.Fault) ? result.Fault : null;
                yield return Counted(StoppedRun.IsEnd(result.Fault) ? result with { Fault = null } : result);
            }
        }
        finally
        {
            await sessions.DisposeAsync().ConfigureAwait(false);
        }

        if (over.Value is { } end)
        {
            throw StoppedRun.Of("removal", end, _options.PlanOnly ? "" : _options.Again);
        }

        Conclude();
    }

    private async Task CheckLastAsync(IReadOnlyList<RemovalItem> items, CancellationToken cancellationToken)
    {
        if (_options.LastCheck is not { } check || items.Count == 0)
        {
            return;
        }

        try
        {
            await check(items.Select(item => item.Uri).ToArray(), cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException refusal) when (_options.PlanOnly && refusal.Kind == FaultKind.RemovalRefused)
        {
            // A plan tells all that stands in the way.
            _reporter.Warning(refusal.Message);
        }
    }

    private static async IAsyncEnumerable<RemovalItem> UntilOverAsync(IReadOnlyList<RemovalItem> items, StrongBox<BridgeException?> over)
    {
        foreach (RemovalItem item in items)
        {
            if (over.Value is not null)
            {
                yield break;
            }

            yield return item;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    private async IAsyncEnumerable<RemoveResult?> CompareAsync(
        RemovalList list, CompareOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var comparison = new TreeComparison(options with { IncludeEqual = true, OneWay = true }, _reporter);
        await foreach (TreeDifference row in comparison.RunAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return list.Add(row);
        }

        if (!comparison.Summary.IsClean)
        {
            list.Refuse($"'{comparison.Summary.ReferenceUri}' and '{comparison.Summary.DifferenceUri}' are not proven to be equal.");
        }
    }

    private async IAsyncEnumerable<RemoveResult?> TakeAsync(
        RemovalList list, IAsyncEnumerable<RemovalInput> inputs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_options.Force)
        {
            _reporter.Warning("-Force: nothing is compared. What is removed may be nowhere else.");
        }

        await foreach (RemovalInput input in inputs.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (input.Fault is { } fault)
            {
                list.Refuse(fault.Message);
                yield return new() { Uri = fault.Target, Root = "", RelativePath = "", Action = RemoveAction.Failed, Reason = fault.Message, Fault = fault };
            }
            else if (input.Row is { } row)
            {
                yield return list.Add(row);
            }
            else if (input.Foreseen is { } foreseen && _options.PlanOnly)
            {
                yield return list.Add(foreseen);
            }
            else if (input.Item is { } item)
            {
                await foreach (RemoveResult? result in WalkAsync(list, item, cancellationToken).ConfigureAwait(false))
                {
                    yield return result;
                }
            }
        }
    }

    private async IAsyncEnumerable<RemoveResult?> WalkAsync(RemovalList list, TreeItem item, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!_options.Force)
        {
            throw new BridgeException(FaultKind.RemovalRefused, item.Uri, $"'{item.Uri}' was compared with nothing. Nothing was removed.");
        }

        var expander = new SourceExpander(_options.Stores, new(_options.Include, _options.Exclude), null, _options.ThrottleLimit, seekTwin: true);
        await foreach (SourceStep step in expander.RunAsync(new[] { item }.ToAsync(), cancellationToken).ConfigureAwait(false))
        {
            BridgeException? fault = step.Fault ?? (step.Version is null ? null : new(FaultKind.InvalidReference, step.Uri,
                $"'{step.Uri}' names a version; Remove-VaultSecret -Version removes single ones."));
            _progress.Tick();
            if (fault is not null)
            {
                list.Refuse($"'{step.Uri}' could not be read.");
            }

            yield return fault is not null ? Left(step, RemoveAction.Failed, fault.Message) with { Fault = fault }
                : step.IsTwin ? Left(step, RemoveAction.Skipped, "It has the name of the folder whose contents are removed, and is none of them.")
                : list.Add(step);
        }
    }

    private async IAsyncEnumerable<RemoveResult> TakeOutGoneAsync(RemovalList list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var kept = new List<RemovalItem>();
        await foreach ((RemovalItem item, string? gone) in BoundedPipe
            .AdaptAsync(list.Items.ToAsync(), _load, LookAsync, cancellationToken).ConfigureAwait(false))
        {
            _progress.Tick();
            if (gone is null)
            {
                kept.Add(item);
            }
            else
            {
                yield return item.Result(RemoveAction.Skipped) with { Reason = gone };
            }
        }

        list.Keep(kept);
    }

    // Where it cannot be told, the removal itself will say why.
    private async Task<(RemovalItem Item, string? Gone)> LookAsync(RemovalItem item, CancellationToken cancellationToken)
    {
        try
        {
            StoreLocation location = await _options.Stores.ResolveAsync(SecretReference.Parse(item.Uri), cancellationToken).ConfigureAwait(false);
            if (item.Permit is not null || !location.Store.Capabilities.HasFlag(StoreCapabilities.Versions))
            {
                return (item, null);
            }

            SecretMetadata? metadata = await location.Store.ReadMetadataAsync(location.Path, cancellationToken).ConfigureAwait(false);
            return (item, metadata is null ? SecretRemover.Gone
                : _options.Extent == RemovalExtent.AllVersions || SecretRemover.Ending(metadata, _options.Extent).Any() ? null
                : SecretRemover.NothingLeft);
        }
        catch (BridgeException exception)
        {
            return StoppedRun.IsEnd(exception) ? throw StoppedRun.Of("removal", exception, _options.PlanOnly ? "" : _options.Again) : (item, null);
        }
    }

    private static RemoveResult Left(SourceStep step, RemoveAction action, string reason) =>
        new() { Uri = step.Uri, Root = step.Root, RelativePath = step.RelativePath, Action = action, Reason = reason };

    private RemoveResult Counted(RemoveResult result)
    {
        _counts[(int)result.Action]++;
        _refused += result is { Action: RemoveAction.Skipped, Fault: not null } ? 1 : 0;
        _progress.Count(result.Action.ToString().ToLowerInvariant(), result.RelativePath);
        return result;
    }

    private void Conclude()
    {
        _progress.Complete();
        RemovalSummary summary = Summary;
        _reporter.Information(FormattableString.Invariant(
            $"{(summary.Planned ? "Planned to remove" : "Removed")}: {summary.Deleted} deleted, {summary.Destroyed} destroyed, {summary.Removed} removed for good, {summary.Skipped} skipped, {summary.Refused} refused, {summary.Failed} failed in {summary.Duration.TotalSeconds:0.0} s."));
    }
}
