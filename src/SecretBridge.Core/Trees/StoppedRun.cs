using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>What ends a whole run, because no request after it can succeed either, and what to do then.</summary>
internal static class StoppedRun
{
    /// <summary>Whether nothing can go on after this fault.</summary>
    internal static bool IsEnd(BridgeException? fault) => fault is { Kind: FaultKind.TokenInvalid or FaultKind.CircuitOpen or FaultKind.Sealed };

    /// <summary>The end of a run, told with the next step.</summary>
    /// <param name="what">What stopped, such as <c>copy</c>.</param>
    /// <param name="end">Why.</param>
    /// <param name="next">What to do once the server answers again; empty where that is plain.</param>
    internal static BridgeException Of(string what, BridgeException end, string next)
    {
        string again = end.Kind == FaultKind.TokenInvalid ? "Connect again" : "Wait until the server answers again";
        string why = next.Length > 0 && end.Message.EndsWith($" {again}.", StringComparison.Ordinal) ? end.Message[..^(again.Length + 2)] : end.Message;
        return new(end.Kind, end.Target, $"The {what} stopped: {why} {(next.Length > 0 ? $"{again}, then {next}" : "")}".TrimEnd(), end);
    }

    /// <summary>How a run with a journal is gone on with.</summary>
    internal static string Resume(string journalPath) => $"run the same command with -Resume: the journal '{journalPath}' tells what is done.";
}
