using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>How to hold a submitted value against stored ones.</summary>
public sealed record MatchOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>The submitted value.</summary>
    public required SealedValue Value { get; init; }

    /// <summary>The key where a reference names none; null for the primary one.</summary>
    public string? Key { get; init; }

    /// <summary>How many reads may be in flight.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate() => BoundedPipe.CheckDegree(ThrottleLimit);
}
