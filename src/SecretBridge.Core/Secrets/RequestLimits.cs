using SecretBridge.Reporting;

namespace SecretBridge.Secrets;

/// <summary>What options may ask for.</summary>
internal static class RequestLimits
{
    private const int MaximumThrottle = 256;

    /// <exception cref="BridgeException">The limit cannot be right (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static void CheckThrottle(int limit)
    {
        if (limit is < 1 or > MaximumThrottle)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "ThrottleLimit", $"ThrottleLimit must be from 1 to {MaximumThrottle}.");
        }
    }

    /// <exception cref="BridgeException">A version cannot be right (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static void CheckVersions(IReadOnlyList<int> versions)
    {
        if (versions.Any(version => version < 1))
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Version", "Version must be 1 or more.");
        }
    }
}
