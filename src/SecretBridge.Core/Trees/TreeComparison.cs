using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Compares two subtrees, in constant memory, without showing a value.</summary>
public sealed class TreeComparison
{
    private readonly CompareOptions _options;
    private readonly IReporter _reporter;
    private readonly ProgressMeter _progress;
    private readonly PipeLoad _load;
    private long _otherShards;

    /// <summary>Prepares a comparison.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public TreeComparison(CompareOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
        _progress = new($"Comparing {options.ReferenceUri} with {options.DifferenceUri}", reporter, options.Time)
        {
            Load = _load = new(options.ThrottleLimit, options.RateLimit, options.Time),
            Phase = "comparing",
        };
        Summary = new() { ReferenceUri = options.ReferenceUri, DifferenceUri = options.DifferenceUri, Shard = options.Shard?.ToString() };
    }

    /// <summary>The outcome so far; whole once the rows came to their end.</summary>
    public ComparisonSummary Summary { get; private set; }

    /// <summary>
    /// Compares, one row a secret that differs (each one with IncludeEqual), in order. A side that cannot be read is a
    /// row with a fault.
    /// </summary>
    /// <exception cref="BridgeException">A side cannot be found, or two paths of a map meet.</exception>
    public async IAsyncEnumerable<TreeDifference> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IDisposable ending = _progress.Ending();
        TreeSide reference = await SideAsync(_options.ReferenceStores, _options.ReferenceUri, cancellationToken).ConfigureAwait(false);
        TreeSide difference = await SideAsync(_options.DifferenceStores, _options.DifferenceUri, cancellationToken).ConfigureAwait(false);
        Summary = Summary with { ReferenceUri = reference.Location.Uri, DifferenceUri = difference.Location.Uri };
        var map = PathMap.Of(_options.Map);
        var driven = new DrivenNames(reference, difference, _options.Map);
        Summary = Summary with { OneSided = driven.Silent.Any(), OneWay = _options.OneWay };
        IAsyncEnumerable<NamePair> pairs = Summary.OneSided
            ? driven.RunAsync(map, cancellationToken)
            : NameJoin.RunAsync(
                map.IsIdentity ? reference.NamesAsync(cancellationToken) : (await reference.MappedAsync(map, cancellationToken).ConfigureAwait(false)).ToAsync(),
                difference.NamesAsync(cancellationToken),
                cancellationToken);
        var comparer = new PairComparer(reference, difference, _options, _reporter);
        await foreach (PairOutcome? outcome in BoundedPipe
            .AdaptAsync(_options.Shard is null ? pairs : InShardAsync(pairs, _options.Shard, cancellationToken), _load, comparer.CompareAsync, cancellationToken).ConfigureAwait(false))
        {
            if (outcome is not null)
            {
                Count(outcome);
                if (outcome.Row.SideIndicator != "==" || _options.IncludeEqual)
                {
                    yield return outcome.Row;
                }
            }
        }

        if (Summary.OneSided)
        {
            yield return OneSided(driven, reference);
        }

        Conclude(map);
    }

    // No secret, and nothing that could not be read: what a side has that tells no names can only be said not to be known.
    private TreeDifference OneSided(DrivenNames driven, TreeSide reference)
    {
        TreeSide[] silent = driven.Silent.ToArray();
        string note = $"{string.Join(" and ", silent.Select(side => $"'{side.Location.Uri}'"))} cannot be listed: what only {(silent.Length == 1 ? "it has" : "one of them has")} is not known"
            + (_options.OneWay ? "." : ", so that this proves no equality. -OneWay takes the one direction for enough.");
        _reporter.Warning($"OneSided: {note}");
        return new()
        {
            Uri = silent[0].Location.Uri.TrimEnd('/') + "/",
            SideIndicator = TreeDifference.OneSided,
            Root = silent[0].Location.Uri,
            RelativePath = "",
            ReferenceState = silent.Contains(reference) ? SecretState.Unreadable : SecretState.Live,
            DifferenceState = silent.Any(side => side != reference) ? SecretState.Unreadable : SecretState.Live,
            Note = note,
        };
    }

    private async IAsyncEnumerable<NamePair> InShardAsync(IAsyncEnumerable<NamePair> pairs, Shard shard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (NamePair pair in pairs.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (shard.Contains((pair.Reference ?? pair.Difference)!.RelativePath))
            {
                yield return pair;
            }
            else
            {
                _otherShards++;
            }
        }
    }

    private async Task<TreeSide> SideAsync(IStoreResolver stores, string uri, CancellationToken cancellationToken)
    {
        var reference = SecretReference.Parse(uri);
        return new(
            await stores.ResolveAsync(reference, cancellationToken).ConfigureAwait(false),
            !uri.EndsWith('/'),
            new(_options.Include, _options.Exclude),
            _options.ThrottleLimit);
    }

    private void Count(PairOutcome outcome)
    {
        TreeDifference row = outcome.Row;
        bool unreadable = row.ReferenceState == SecretState.Unreadable || row.DifferenceState == SecretState.Unreadable;
        Summary = Summary with
        {
            Equal = Summary.Equal + (row.SideIndicator == "==" ? 1 : 0),
            Different = Summary.Different + (row.SideIndicator == "<>" && !unreadable ? 1 : 0),
            OnlyReference = Summary.OnlyReference + (row.SideIndicator == "<=" ? 1 : 0),
            OnlyDifference = Summary.OnlyDifference + (row.SideIndicator == "=>" ? 1 : 0),
            Unreadable = Summary.Unreadable + (unreadable ? 1 : 0),
            NumberPrecision = Summary.NumberPrecision + (outcome.NumberPrecision ? 1 : 0),
        };
        _progress.Count(unreadable ? "unreadable" : row.SideIndicator == "==" ? "equal" : "different", row.RelativePath);
    }

    private void Conclude(PathMap map)
    {
        _progress.Complete();
        Summary = Summary with { Completed = true, OtherShards = _otherShards, Duration = _progress.Elapsed };
        foreach (string source in map.UnusedRules)
        {
            _reporter.Warning($"The map rule '{source}' matched no path.");
        }

        if (Summary.NumberPrecision > 0)
        {
            _reporter.Warning($"NumberPrecision: {Summary.NumberPrecision} secrets count as equal because a KV version 2 server does not keep all digits of their numbers.");
        }

        if (_otherShards + Summary.Equal + Summary.Different + Summary.OnlyReference + Summary.OnlyDifference + Summary.Unreadable == 0)
        {
            _reporter.Warning($"Nothing was found below '{Summary.ReferenceUri}' or '{Summary.DifferenceUri}': that proves nothing. Check both paths.");
        }

        _reporter.Information(FormattableString.Invariant(
            $"Compared {Summary.ReferenceUri} with {Summary.DifferenceUri}: {Summary.Equal} equal, {Summary.Different} different, {Summary.OnlyReference} only in the reference, {Summary.OnlyDifference} only in the difference, {Summary.Unreadable} unreadable in {Summary.Duration.TotalSeconds:0.0} s."));
    }
}
