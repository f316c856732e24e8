using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Notes numbers whose digits a copy does not keep.</summary>
internal static class PrecisionNote
{
    internal static CopyOutcome On(CopyOutcome outcome, CopyItem item, ISecretStore target, SecretPayload payload) =>
        Loss(item.Source, target, payload) is { } loss
            ? new(outcome.Row with { Reason = outcome.Row.Reason ?? loss }, NumberPrecision: true)
            : outcome;

    private static string? Loss(ISecretStore source, ISecretStore target, SecretPayload payload) =>
        source.Capabilities.HasFlag(StoreCapabilities.NumbersThroughDouble) && payload.HasIntegerPast53Bits()
            ? "It holds a number past 2^53, whose digits a KV version 2 server does not keep when it reads."
            : target.Capabilities.HasFlag(StoreCapabilities.NumbersThroughDouble) && payload.HasNumberPastDouble()
                ? "It holds a number that reads back from the destination with other digits."
                : null;
}
