using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Inventory;

/// <summary>Which mounts to list, and what to find out about them.</summary>
public sealed record MountInventoryOptions
{
    /// <summary>The connection.</summary>
    public required VaultBackend Backend { get; init; }

    /// <summary>Tells whether a mount that was listed is wanted.</summary>
    public Predicate<string> IsWanted { get; init; } = _ => true;

    /// <summary>Mounts that are wanted by their names. One that no listing has is asked for by itself.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Reads the configuration of KV version 2 mounts: one more request each.</summary>
    public bool Detailed { get; init; }

    /// <summary>Walks the KV mounts to count secrets and folders: one request a folder.</summary>
    public bool Count { get; init; }

    /// <summary>How many requests may be in flight, all mounts together; null for the usual number.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right (<see cref="FaultKind.InvalidArgument"/>).</exception>
    public void Validate() => BoundedPipe.CheckDegree(ThrottleLimit);
}
