using System.Globalization;
using SecretBridge.Reporting;

namespace SecretBridge.Pipeline;

/// <summary>Tells how many rows were written, for operations that do not count themselves. How often is the reporter's affair.</summary>
internal sealed class RowProgress(string activity, IReporter reporter, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private long _done;
    private long _failed;

    internal void Count(bool hasFailed)
    {
        _done++;
        _failed += hasFailed ? 1 : 0;
        Report(completed: false);
    }

    internal void Complete() => Report(completed: true);

    private void Report(bool completed)
    {
        double seconds = time.GetElapsedTime(_start).TotalSeconds;
        string status = string.Create(CultureInfo.InvariantCulture, $"{_done} done{(_failed == 0 ? "" : $", {_failed} failed")}");
        reporter.Progress(new(activity, status, _done, null, seconds > 0 ? _done / seconds : 0, null, completed));
    }
}
