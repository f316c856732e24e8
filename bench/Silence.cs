using SecretBridge.Reporting;

namespace SecretBridge.Bench;

/// <summary>Nobody listens while the clock runs.</summary>
internal sealed class Silence : IReporter
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

    public void Progress(ProgressReport report)
    {
    }
}
