using SecretBridge.Reporting;

namespace SecretBridge.Pipeline;

/// <summary>Lets through what a person can follow: nothing in the first second, then at most five reports a second, and the last.</summary>
internal sealed class ProgressGate(TimeProvider time)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly long _start = time.GetTimestamp();
    private readonly object _lock = new();
    private long? _shown;

    /// <summary>Whether this report is to be shown.</summary>
    internal bool Admit(ProgressReport report)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            bool due = _shown is { } shown
                ? report.Completed || time.GetElapsedTime(shown, now) >= Interval
                : !report.Completed && time.GetElapsedTime(_start, now) >= Quiet;
            _shown = due ? now : _shown;
            return due;
        }
    }
}
