using SecretBridge.Reporting;

namespace SecretBridge.Tests.Reporting;

/// <summary>Keeps nothing of what an operation says.</summary>
public sealed class SilentReporter : IReporter
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
