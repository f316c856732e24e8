namespace SecretBridge.Reporting;

/// <summary>
/// Passes what is said to whoever runs the current operation. A connection outlives the operation that made it and serves
/// several at once; each hears only of its own requests.
/// </summary>
internal sealed class RelayReporter : IReporter
{
    private readonly AsyncLocal<Listener?> _current = new();

    /// <summary>Sends what this flow of calls says to a reporter until the result is disposed.</summary>
    public IDisposable Use(IReporter reporter)
    {
        var scope = new Scope(this, _current.Value);
        _current.Value = new(reporter);
        return scope;
    }

    public void Verbose(string message) => _current.Value?.Reporter.Verbose(message);

    public void Warning(string message) => _current.Value?.Reporter.Warning(message);

    public void Information(string message) => _current.Value?.Reporter.Information(message);

    public void Progress(ProgressReport report) => _current.Value?.Reporter.Progress(report);

    /// <summary>Warns once for as long as somebody listens, however often it is called.</summary>
    public void WarningOnce(string message)
    {
        if (_current.Value is { } listener && !listener.IsWarned())
        {
            listener.Reporter.Warning(message);
        }
    }

    private sealed class Listener(IReporter reporter)
    {
        private int _warned;

        public IReporter Reporter { get; } = reporter;

        public bool IsWarned() => Interlocked.Exchange(ref _warned, 1) != 0;
    }

    private sealed class Scope(RelayReporter relay, Listener? before) : IDisposable
    {
        public void Dispose() => relay._current.Value = before;
    }
}
