using System.Globalization;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Counts outcomes and reports them, not more often than is useful.</summary>
internal sealed class ProgressMeter
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly string _activity;
    private readonly IReporter _reporter;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private long _last;
    private long _done;
    private string? _path;
    private bool _isOver;

    internal ProgressMeter(string activity, IReporter reporter, TimeProvider time)
    {
        _activity = activity;
        _reporter = reporter;
        _time = time;
        _start = _last = time.GetTimestamp();
    }

    /// <summary>The number of items in all; null while it is unknown.</summary>
    internal long? Total { get; set; }

    /// <summary>What is done just now.</summary>
    internal string? Phase { get; set; }

    /// <summary>How much is asked of the servers, where it is known.</summary>
    internal PipeLoad? Load { get; init; }

    internal TimeSpan Elapsed => _time.GetElapsedTime(_start);

    internal void Count(string outcome, string? relativePath = null)
    {
        _done++;
        _path = relativePath ?? _path;
        _counts[outcome] = _counts.GetValueOrDefault(outcome) + 1;
        Tick();
    }

    /// <summary>Reports where it is time to, although nothing is finished.</summary>
    internal void Tick()
    {
        if (_time.GetElapsedTime(_last) >= Interval)
        {
            _last = _time.GetTimestamp();
            _reporter.Progress(Report(completed: false));
        }
    }

    internal void Complete()
    {
        _isOver = true;
        _reporter.Progress(Report(completed: true));
    }

    /// <summary>Reports the last counts when it is disposed of, unless all came to its end by then.</summary>
    internal IDisposable Ending() => new LastReport(this);

    private ProgressReport Report(bool completed)
    {
        double seconds = Elapsed.TotalSeconds;
        double rate = seconds > 0 ? _done / seconds : 0;
        TimeSpan? remaining = Total >= _done && rate > 0 ? TimeSpan.FromSeconds((Total.Value - _done) / rate) : null;
        string status = string.Join(", ", _counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} {count.Key}")));
        return new(_activity, status, _done, Total, rate, remaining, completed)
        {
            Phase = Phase,
            Counts = new Dictionary<string, long>(_counts, StringComparer.Ordinal),
            InFlight = Load?.InFlight,
            Limit = Load?.Limit,
            Folder = Folder,
        };
    }

    private string? Folder => _path?.LastIndexOf('/') is >= 0 and var slash ? _path[..(slash + 1)] : _path is null ? null : "";

    private sealed class LastReport(ProgressMeter meter) : IDisposable
    {
        public void Dispose()
        {
            if (!meter._isOver)
            {
                meter._reporter.Progress(meter.Report(completed: false));
            }
        }
    }
}
