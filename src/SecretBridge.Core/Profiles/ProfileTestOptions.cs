using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>How to test profiles.</summary>
public sealed record ProfileTestOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>Opens values that are references; null leaves them closed, and only their form is tested.</summary>
    public Func<string, CancellationToken, ValueTask<SealedValue>>? Resolve { get; init; }

    /// <summary>Asks a server about a value that looks like a Vault token; null asks nobody.</summary>
    public Func<SealedValue, CancellationToken, ValueTask<TokenStanding>>? LookUpToken { get; init; }

    /// <summary>How many profiles may be under way.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>The clock that tokens are judged by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate() => BoundedPipe.CheckDegree(ThrottleLimit);
}
