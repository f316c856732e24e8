using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>How to read secrets.</summary>
public sealed record ReadOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>The version to read where a reference names none; null for the latest.</summary>
    public int? Version { get; init; }

    /// <summary>How many reads may be in flight.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        if (Version < 1)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Version), "Version must be 1 or more.");
        }

        BoundedPipe.CheckDegree(ThrottleLimit);
    }
}
