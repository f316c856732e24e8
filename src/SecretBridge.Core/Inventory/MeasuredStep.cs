using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Trees;

namespace SecretBridge.Inventory;

/// <summary>What was read of one secret; also the mark that a root begins, and what could not be read.</summary>
/// <param name="Root">The root that it lies below.</param>
/// <param name="Step">Where it is; null for the root itself.</param>
internal sealed record MeasuredStep(MeasuredRoot Root, SourceStep? Step)
{
    internal SecretMetadata? Metadata { get; init; }

    /// <summary>The server's time when it told the metadata.</summary>
    internal DateTimeOffset Now { get; init; }

    /// <summary>The JSON bytes of the latest value; null where it was not read or there is none.</summary>
    internal long? Bytes { get; init; }

    /// <summary>Whether the value is near a limit of servers.</summary>
    internal bool IsNearSizeLimit { get; init; }

    /// <summary>Whether it was gone when it was to be read.</summary>
    internal bool HasVanished { get; init; }

    internal BridgeException? Fault { get; init; }
}
