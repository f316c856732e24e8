using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>How to copy profiles.</summary>
public sealed record ProfileCopyOptions
{
    /// <summary>Finds the stores that the sources mean.</summary>
    public required IStoreResolver SourceStores { get; init; }

    /// <summary>Finds the store that the destination means.</summary>
    public required IStoreResolver DestinationStores { get; init; }

    /// <summary>The folder that the profiles are copied into, each under the name of its secret.</summary>
    public required string DestinationUri { get; init; }

    /// <summary>What to do where the destination has other content.</summary>
    public ProfileConflict Conflict { get; init; }

    /// <summary>Whether only to say what would be done.</summary>
    public bool PlanOnly { get; init; }

    /// <summary>How many profiles may be under way.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>The clock for the patience with a server that shows a write late.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        if (SecretReference.Parse(DestinationUri) is { } reference && (reference.Key is not null || reference.Version is not null))
        {
            throw new BridgeException(FaultKind.InvalidReference, DestinationUri, $"'{DestinationUri}' names a version or a key; a destination is a folder.");
        }

        BoundedPipe.CheckDegree(ThrottleLimit);
    }
}
