using System.Collections.Concurrent;
using SecretBridge.Reporting;

namespace SecretBridge.Tests.Reporting;

/// <summary>Keeps what an operation says.</summary>
public sealed class RecordingReporter : IReporter
{
    public ConcurrentQueue<string> Messages { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    public ConcurrentQueue<string> Summaries { get; } = new();

    public ConcurrentQueue<ProgressReport> Reports { get; } = new();

    public void Verbose(string message) => Messages.Enqueue(message);

    public void Warning(string message) => Warnings.Enqueue(message);

    public void Information(string message) => Summaries.Enqueue(message);

    public void Progress(ProgressReport report) => Reports.Enqueue(report);
}
