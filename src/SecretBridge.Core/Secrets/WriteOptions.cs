using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>How to write secrets.</summary>
public sealed record WriteOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>Whether to lay the given keys over those that are there, instead of replacing the whole secret.</summary>
    public bool Merge { get; init; }

    /// <summary>The version that must be current, 0 for a secret never written. Null takes the version just read.</summary>
    public int? CheckAndSet { get; init; }

    /// <summary>Whether a merge may write back numbers that the server has rounded when it was read.</summary>
    public bool AllowPrecisionLoss { get; init; }

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
