using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>What one side of a comparison has at a path.</summary>
/// <param name="Content">The latest version.</param>
/// <param name="Metadata">What is kept beside the versions; null where it was not asked for or the store keeps none.</param>
/// <param name="History">The kept versions, oldest first; empty where they were not asked for.</param>
/// <param name="Fault">Why it could not be read; null where it could.</param>
internal sealed record SideReading(
    SecretReading Content, SecretMetadata? Metadata, IReadOnlyList<VersionContent> History, BridgeException? Fault)
{
    internal static SideReading Absent { get; } = new(SecretReading.Absent, null, [], null);

    internal static SideReading Unreadable(BridgeException fault) => new(SecretReading.Absent, null, [], fault);
}
