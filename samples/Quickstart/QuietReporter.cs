using SecretBridge.Reporting;

namespace SecretBridge.Quickstart;

/// <summary>Passes on warnings and progress, where somebody wants them.</summary>
internal sealed class QuietReporter(Action<ProgressReport>? progress = null) : IReporter
{
    public List<string> Warnings { get; } = [];

    public string? Summary { get; private set; }

    public void Verbose(string message)
    {
    }

    public void Warning(string message) => Warnings.Add(message);

    public void Information(string message) => Summary = message;

    public void Progress(ProgressReport report) => progress?.Invoke(report);
}
