using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>A row of a copy and what is counted beside it.</summary>
/// <param name="Row">The row.</param>
/// <param name="NumberPrecision">Whether a number in the secret does not keep its digits.</param>
/// <param name="IsFromJournal">Whether an earlier run did it.</param>
internal readonly record struct CopyOutcome(CopyResult Row, bool NumberPrecision, bool IsFromJournal = false)
{
    internal static CopyOutcome Failed(CopyResult row, BridgeException fault) =>
        new(row with { Action = CopyAction.Failed, Reason = fault.Message, Fault = fault }, false);

    internal static CopyOutcome Skipped(CopyResult row, string reason) =>
        new(row with { Action = CopyAction.Skipped, Reason = reason }, false);
}
