using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>A place that a query leads to, or why it leads nowhere.</summary>
/// <param name="Uri">The complete reference; what was asked for where nothing was found.</param>
/// <param name="Location">The place; null with a fault.</param>
/// <param name="Version">The version that the reference names.</param>
/// <param name="IsNamed">Whether it was asked for by its name, so that its absence is a failure; a pattern's find may be left out.</param>
internal sealed record FoundProfile(string Uri, StoreLocation? Location, int? Version, bool IsNamed)
{
    internal BridgeException? Fault { get; init; }

    internal string Name => Location?.Path.Name ?? Uri;
}
