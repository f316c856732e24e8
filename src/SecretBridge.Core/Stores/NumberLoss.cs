namespace SecretBridge.Stores;

/// <summary>Tells of numbers whose digits a copy does not keep.</summary>
internal static class NumberLoss
{
    /// <summary>What is lost between two stores; null where nothing is.</summary>
    internal static string? Of(ISecretStore source, ISecretStore target, SecretPayload payload) =>
        source.Capabilities.HasFlag(StoreCapabilities.NumbersThroughDouble) && payload.HasIntegerPast53Bits()
            ? "It holds a number past 2^53, whose digits a KV version 2 server does not keep when it reads."
            : target.Capabilities.HasFlag(StoreCapabilities.NumbersThroughDouble) && payload.HasNumberPastDouble()
                ? "It holds a number that reads back from the destination with other digits."
                : null;
}
