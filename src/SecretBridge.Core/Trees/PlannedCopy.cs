using System.Runtime.CompilerServices;
using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>
/// Does what a plan says and nothing else, and nothing at all where a source or destination is no longer as it was: all is
/// looked at again before the first write, and each secret once more right before its own.
/// </summary>
public sealed class PlannedCopy
{
    private const int Told = 3;

    private readonly CopyPlan _plan;
    private readonly CopyOptions _options;
    private readonly IReporter _reporter;
    private readonly PlannedItems _items;
    private SubtreeCopy _copy;

    /// <summary>Prepares a planned copy.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">Where the stores are, and how fast; how each secret is copied the plan says.</param>
    /// <param name="reporter">What to tell.</param>
    /// <exception cref="BridgeException">An option cannot be right, or the plan cannot be understood.</exception>
    public PlannedCopy(CopyPlan plan, CopyOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        _plan = plan;
        _items = new(plan);
        _options = RunSettings.Apply(plan.Options, options, plan.Name) with { DestinationUri = plan.DestinationUri, Planned = _items, Shard = ShardOf(plan, options) };
        _reporter = reporter;
        if (options.Mirror || plan.Options.GetValueOrDefault("mirror") == "true" || plan.Items.Any(item => item.Action == CopyAction.Deleted))
        {
            throw Wrong("A planned copy deletes nothing, and a plan cannot tell what the source will lack by then. Plan without -Mirror and do the plan; then run Copy-VaultSubtree -Mirror, with -WhatIf first to see what it would delete.");
        }

        if (options.JournalPath is not null)
        {
            throw Wrong("A planned copy has no journal: where it was stopped, make a new plan.");
        }

        _copy = new(_options, reporter);
    }

    /// <summary>The outcome so far; whole once the rows came to their end.</summary>
    public CopySummary Summary => _copy.Summary;

    /// <summary>Copies, one row a secret as each is done, in the order of the plan.</summary>
    /// <exception cref="BridgeException">Something is no longer as it was planned for (<see cref="FaultKind.PlanOutdated"/>), and nothing
    /// was written; or as for any copy.</exception>
    public async IAsyncEnumerable<CopyResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CheckAsync(cancellationToken).ConfigureAwait(false);
        _copy = new(_options, _reporter);
        await foreach (CopyResult row in _copy.RunAsync(Sources(), cancellationToken).ConfigureAwait(false))
        {
            yield return row;
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        _reporter.Verbose($"Looking whether {_items.All.Count} secrets are as they were planned for.");
        var look = new SubtreeCopy(_options with { PlanOnly = true, Audit = NoAudit.Instance }, new ProgressOnly(_reporter));
        var drifted = new List<string>();
        long count = 0;
        await foreach (CopyResult row in look.RunAsync(Sources(), cancellationToken).ConfigureAwait(false))
        {
            if ((row.Fault?.Message ?? _items.Drift(row)) is { } drift && ++count <= Told)
            {
                drifted.Add(drift);
            }
        }

        foreach ((string root, string store) in look.Stores)
        {
            if (_plan.Stores.GetValueOrDefault(root) != store)
            {
                throw Outdated(root, $"'{root}' is another store than the one that was planned for.");
            }
        }

        if (count > 0)
        {
            throw Outdated(_plan.DestinationUri, FormattableString.Invariant(
                $"{count} of {_items.All.Count} secrets are no longer as they were planned for: {string.Join("; ", drifted.Select(text => text.TrimEnd('.')))}{(count > drifted.Count ? "; and more" : "")}."));
        }
    }

    // One plan can be parted among runners; the plan of a part is one already.
    private static Shard? ShardOf(CopyPlan plan, CopyOptions options)
    {
        Shard? own = plan.Options.GetValueOrDefault("shard") is { Length: > 0 } text ? Shard.Parse(text) : null;
        return own is not null && options.Shard is not null && options.Shard != own
            ? throw Wrong($"The plan is that of shard {own}, and cannot be parted as {options.Shard}. Make a plan of the whole, and give each runner the plan with its own -Shard.")
            : options.Shard ?? own;
    }

    private static BridgeException Wrong(string why) => new(FaultKind.InvalidArgument, "Plan", why);

    private IAsyncEnumerable<TreeItem> Sources() => _items.All.Select(item => new TreeItem(item.Uri, item.Root, item.RelativePath)).ToAsync();

    private static BridgeException Outdated(string target, string why) => new(FaultKind.PlanOutdated, target, $"{why} Nothing was written.");

    /// <summary>Lets only progress through: what a first look would say, the copy itself says.</summary>
    private sealed class ProgressOnly(IReporter reporter) : IReporter
    {
        public void Verbose(string message)
        {
        }

        public void Warning(string message)
        {
        }

        public void Information(string message)
        {
        }

        public void Progress(ProgressReport report) => reporter.Progress(report with { Phase = "checking the plan", Completed = false });
    }
}
