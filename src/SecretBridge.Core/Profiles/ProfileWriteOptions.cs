using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>How to write profiles.</summary>
public sealed record ProfileWriteOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>The version that must be current, 0 for a secret never written. Null takes the version just read.</summary>
    public int? CheckAndSet { get; init; }

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        if (CheckAndSet < 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(CheckAndSet), "CheckAndSet must be 0 or more.");
        }
    }
}
