using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Notes numbers whose digits a copy does not keep.</summary>
internal static class PrecisionNote
{
    internal static CopyOutcome On(CopyOutcome outcome, CopyItem item, ISecretStore target, SecretPayload payload) =>
        NumberLoss.Of(item.Source, target, payload) is { } loss
            ? new(outcome.Row with { Reason = outcome.Row.Reason ?? loss }, NumberPrecision: true)
            : outcome;
}
