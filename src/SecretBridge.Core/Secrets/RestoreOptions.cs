using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>How to restore soft-deleted secrets.</summary>
public sealed record RestoreOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>The versions to restore; empty for the latest.</summary>
    public IReadOnlyList<int> Versions { get; init; } = [];

    /// <summary>How many secrets may be under way.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        VersionLimits.CheckVersions(Versions);
        BoundedPipe.CheckDegree(ThrottleLimit);
    }
}
