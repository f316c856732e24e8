using SecretBridge.Reporting;

namespace SecretBridge.Audit.Consumers;

/// <summary>What comes next of a log: lines, why there are none, or that there are no more for now.</summary>
/// <param name="File">The file.</param>
/// <param name="Block">The lines.</param>
/// <param name="Fault">Why it cannot be read; null where it can.</param>
/// <param name="IsEndForNow">Whether all that was there has been read.</param>
internal readonly record struct LogStep(string File, LineBlock Block, BridgeException? Fault, bool IsEndForNow);
