using SecretBridge.Reporting;

namespace SecretBridge.Secrets;

/// <summary>What options may ask for.</summary>
internal static class VersionLimits
{
    /// <exception cref="BridgeException">A version cannot be right (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static void CheckVersions(IReadOnlyList<int> versions)
    {
        if (versions.Any(version => version < 1))
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Version", "Version must be 1 or more.");
        }
    }
}
