using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Counts what became of the secrets of a copy, and says it at the end.</summary>
internal sealed class CopyTally
{
    private readonly CopyOptions _options;
    private readonly IReporter _reporter;
    private readonly ProgressMeter _progress;
    private readonly long[] _counts = new long[Enum.GetValues<CopyAction>().Length];
    private readonly long[] _losses = new long[Enum.GetValues<CopyLoss>().Length];
    private long _lossy;
    private long _versions;
    private long _verified;
    private long _numberPrecision;
    private long _twins;
    private long _warnings;

    private long _resumed;

    internal CopyTally(CopyOptions options, IReporter reporter, PipeLoad load)
    {
        _options = options;
        _reporter = reporter;
        _progress = new($"Copying to {options.DestinationUri}", reporter, options.Time) { Load = load };
    }

    internal CopySummary Summary => new()
    {
        DestinationUri = _options.DestinationUri,
        Created = _counts[(int)CopyAction.Created],
        Updated = _counts[(int)CopyAction.Updated],
        Unchanged = _counts[(int)CopyAction.Unchanged],
        Skipped = _counts[(int)CopyAction.Skipped],
        Conflict = _counts[(int)CopyAction.Conflict],
        Failed = _counts[(int)CopyAction.Failed],
        Deleted = _counts[(int)CopyAction.Deleted],
        Verified = _verified,
        NumberPrecision = _numberPrecision,
        Lossy = _lossy,
        VersionsCopied = _versions,
        Warnings = _warnings,
        Resumed = _resumed,
        Shard = _options.Shard?.ToString(),
        Planned = _options.PlanOnly,
        Duration = _progress.Elapsed,
    };

    /// <summary>How many secrets there are in all, once that is known.</summary>
    internal long? Total
    {
        set => _progress.Total = value;
    }

    /// <summary>What is done just now.</summary>
    internal string? Phase
    {
        set => _progress.Phase = value;
    }

    internal void Tick() => _progress.Tick();

    internal IDisposable Ending() => _progress.Ending();

    internal void Warn(string message)
    {
        _warnings++;
        _reporter.Warning(message);
    }

    internal void Count(CopyOutcome outcome)
    {
        CopyResult row = outcome.Row;
        _counts[(int)row.Action]++;
        _resumed += outcome.IsFromJournal ? 1 : 0;
        _versions += row.VersionsCopied;
        _verified += row.Verified == true ? 1 : 0;
        _numberPrecision += outcome.NumberPrecision ? 1 : 0;
        _twins += row.RelativePath.Length == 0 && row.Action == CopyAction.Skipped ? 1 : 0;
        _lossy += row.Lossy.Count > 0 ? 1 : 0;
        foreach (CopyLoss loss in row.Lossy)
        {
            _losses[(int)loss]++;
        }

        _progress.Count(row.Action.ToString().ToLowerInvariant(), row.RelativePath);
    }

    internal void Conclude(PathMap map)
    {
        _progress.Complete();
        foreach (string source in map.UnusedRules)
        {
            Warn($"The map rule '{source}' matched no path.");
        }

        if (_twins > 0)
        {
            Warn($"{_twins} secrets have the name of a folder that was copied, and were not copied with its contents. Pipe their rows to copy them.");
        }

        if (_numberPrecision > 0)
        {
            Warn($"NumberPrecision: {_numberPrecision} secrets hold numbers whose digits a KV version 2 server does not keep. Store such numbers as strings.");
        }

        foreach (CopyLoss loss in Enum.GetValues<CopyLoss>().Where(loss => _losses[(int)loss] > 0))
        {
            Warn(LossText.Warning(loss, _losses[(int)loss]));
        }

        CopySummary summary = Summary;
        string resumed = summary.Resumed > 0 ? FormattableString.Invariant($" {summary.Resumed} of them were done before.") : "";
        string deleted = _options.Mirror ? FormattableString.Invariant($", {summary.Deleted} deleted") : "";
        _reporter.Information(FormattableString.Invariant(
            $"{(summary.Planned ? "Planned" : "Copied")} to {_options.DestinationUri}: {summary.Created} created, {summary.Updated} updated, {summary.Unchanged} unchanged, {summary.Skipped} skipped, {summary.Conflict} in conflict, {summary.Failed} failed{deleted}; {summary.Total} secrets in {summary.Duration.TotalSeconds:0.0} s.{(summary.Lossy > 0 ? $" Of {summary.Lossy} not all could be carried." : "")}{resumed}"));
    }
}
