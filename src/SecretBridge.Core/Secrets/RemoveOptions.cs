using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>How to remove secrets.</summary>
public sealed record RemoveOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>How much of each secret goes.</summary>
    public RemovalKind Kind { get; init; }

    /// <summary>The versions that go; empty for the latest.</summary>
    public IReadOnlyList<int> Versions { get; init; } = [];

    /// <summary>Whether the latest version is deleted without its number where the token may not delete it by its number: one
    /// that is written in between is deleted then in its place.</summary>
    public bool Force { get; init; }

    /// <summary>How many secrets may be under way.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        VersionLimits.CheckVersions(Versions);
        if (Kind == RemovalKind.AllVersions && Versions.Count > 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Versions), "Name versions or remove all of them, not both.");
        }

        BoundedPipe.CheckDegree(ThrottleLimit);
    }
}
