using System.Management.Automation;
using SecretBridge.Reporting;

namespace SecretBridge.Pipeline;

/// <summary>Says on a cmdlet's streams what an operation says.</summary>
internal sealed class PipelineReporter(Cmdlet cmdlet, PipelinePump pump) : IReporter
{
    private readonly ProgressGate _gate = new(TimeProvider.System);

    /// <inheritdoc/>
    public void Verbose(string message) => pump.Post(() => cmdlet.WriteVerbose(message));

    /// <inheritdoc/>
    public void Warning(string message) => pump.Post(() => cmdlet.WriteWarning(message));

    /// <inheritdoc/>
    public void Information(string message) => pump.Post(() => cmdlet.WriteInformation(message, ["SecretBridge"]));

    /// <inheritdoc/>
    public void Progress(ProgressReport report)
    {
        if (_gate.Admit(report))
        {
            pump.Post(() => cmdlet.WriteProgress(Record(report)));
        }
    }

    // The usual view of progress shows no more than the status and the time left.
    private static ProgressRecord Record(ProgressReport report) => new(1, report.Activity, Status(report))
    {
        CurrentOperation = report.Folder ?? "",
        RecordType = report.Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        PercentComplete = report.Total is > 0 and var total ? (int)Math.Min(100, report.Done * 100 / total) : -1,
        SecondsRemaining = report.Remaining is { } left ? (int)Math.Min(left.TotalSeconds, int.MaxValue) : -1,
    };

    private static string Status(ProgressReport report) => string.Concat(
        report.Phase is { } phase ? phase + ": " : "",
        $"{report.Status}, {report.Rate:0}/s",
        report.InFlight is { } inFlight ? $", {inFlight} of {report.Limit} under way" : "",
        report.Folder is { Length: > 0 } folder ? $", {folder}" : "");
}
