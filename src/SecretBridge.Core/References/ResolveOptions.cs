using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.References;

/// <summary>How to resolve references.</summary>
public sealed record ResolveOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>The values read before; null reads each time and keeps nothing.</summary>
    public ReferenceCache? Cache { get; init; }

    /// <summary>The key to take where a reference names none; null for the primary one, else all.</summary>
    public string? Key { get; init; }

    /// <summary>Whether a value that is due, but still inside its lease, may stand in for one that cannot be read because the server is down.</summary>
    public bool AllowStale { get; init; }

    /// <summary>How many reads may be in flight.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>Hears of stale values.</summary>
    public IAuditSink Audit { get; init; } = NoAudit.Instance;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        if (Key is { Length: 0 })
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Key), "Key is empty; leave it out for the primary one.");
        }

        if (AllowStale && Cache is null)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(AllowStale), "A stale value comes from the cache: AllowStale and no cache exclude each other.");
        }

        BoundedPipe.CheckDegree(ThrottleLimit);
    }
}
