namespace SecretBridge.Reporting;

/// <summary>
/// Passes what is said to whoever runs the current operation. A connection outlives the operation that made it and serves
/// several at once; each hears only of its own requests.
/// </summary>
internal sealed class RelayReporter : IReporter
{
    private readonly AsyncLocal<IReporter?> _current = new();

    /// <summary>Sends what this flow of calls says to a reporter until the result is disposed.</summary>
    public IDisposable Use(IReporter reporter)
    {
        var scope = new Scope(this, _current.Value);
        _current.Value = reporter;
        return scope;
    }

    public void Verbose(string message) => _current.Value?.Verbose(message);

    public void Warning(string message) => _current.Value?.Warning(message);

    public void Information(string message) => _current.Value?.Information(message);

    public void Progress(ProgressReport report) => _current.Value?.Progress(report);

    private sealed class Scope(RelayReporter relay, IReporter? before) : IDisposable
    {
        public void Dispose() => relay._current.Value = before;
    }
}
