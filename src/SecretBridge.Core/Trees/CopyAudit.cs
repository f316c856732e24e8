using System.Globalization;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Tells an audit trail when a copy starts, and how it ended.</summary>
internal sealed class CopyAudit(CopyOptions options, StoreLocation destination)
{
    /// <summary>Whether the copy came to its end.</summary>
    internal bool IsWhole { get; set; }

    /// <exception cref="BridgeException">It cannot be told (<see cref="FaultKind.AuditFailed"/>); then nothing is copied.</exception>
    internal void Started() => Write("copy.started", []);

    /// <exception cref="BridgeException">It cannot be told (<see cref="FaultKind.AuditFailed"/>).</exception>
    internal void Finished(CopySummary summary) => Write("copy.finished", new()
    {
        ["outcome"] = IsWhole ? "whole" : "stopped",
        ["created"] = Text(summary.Created),
        ["updated"] = Text(summary.Updated),
        ["unchanged"] = Text(summary.Unchanged),
        ["skipped"] = Text(summary.Skipped),
        ["conflict"] = Text(summary.Conflict),
        ["failed"] = Text(summary.Failed),
        ["verified"] = Text(summary.Verified),
    });

    private void Write(string action, Dictionary<string, string> details)
    {
        details["planned"] = options.PlanOnly ? "true" : "false";
        options.Audit.Write(new(action, destination.Uri) { Workflow = options.Workflow, Backend = destination.Store.Root.Backend, Details = details });
    }

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
