using System.Management.Automation;
using SecretBridge.Faults;
using SecretBridge.Reporting;

namespace SecretBridge.Pipeline;

/// <summary>Turns a failure into the error record that PowerShell shows.</summary>
internal static class Fault
{
    // PowerShell 7.5 and later print the recommended action below an error; before, nobody would see it.
    private static readonly bool ShowsAdvice = typeof(ErrorRecord).Assembly.GetName().Version >= new Version(7, 5);

    /// <summary>The error record of a failure: its id, category and advice come from the catalog, its target is text.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="hint">What else the user may have meant; null for nothing.</param>
    internal static ErrorRecord Record(BridgeException exception, string? hint = null)
    {
        FaultEntry entry = FaultCatalog.Find(exception.Kind);
        string message = hint is null ? exception.Message : $"{exception.Message} {hint}";
        return new(exception, entry.Id, Enum.Parse<ErrorCategory>(entry.Category.ToString()), exception.Target)
        {
            ErrorDetails = new(ShowsAdvice ? message : $"{message} {entry.Advice}")
            {
                RecommendedAction = hint is null ? entry.Advice : $"{hint} {entry.Advice}",
            },
        };
    }

    /// <summary>A failure that no floor foresaw: its type is told, its text, which might hold anything, is not.</summary>
    internal static BridgeException Unforeseen(Exception exception) => new(
        FaultKind.Unexpected, exception.GetType().FullName!, $"SecretBridge met a failure that it does not know: {exception.GetType().FullName}.", exception);
}
