using SecretBridge.Stores;

namespace SecretBridge.Inventory;

/// <summary>A root of a measurement: what is found until the next one lies below it.</summary>
/// <param name="Uri">The complete reference; as it was given where it leads nowhere.</param>
/// <param name="Location">Where it is; null where it leads nowhere.</param>
/// <param name="MaxVersions">Versions that its store keeps of a secret that says nothing of its own.</param>
internal sealed record MeasuredRoot(string Uri, StoreLocation? Location, int MaxVersions)
{
    internal bool HasMetadata => Location?.Store.Capabilities.HasFlag(StoreCapabilities.Metadata) == true;
}
