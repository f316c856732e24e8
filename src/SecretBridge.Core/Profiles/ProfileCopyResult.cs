using SecretBridge.Reporting;

namespace SecretBridge.Profiles;

/// <summary>What became of one profile that was to be copied.</summary>
public sealed record ProfileCopyResult : IFaultRow
{
    /// <summary>The complete reference of the source; what was asked for where it was not found.</summary>
    public required string Uri { get; init; }

    /// <summary>The complete reference of the destination; null where it was not come to.</summary>
    public string? Destination { get; init; }

    /// <summary>The secret's name.</summary>
    public required string Name { get; init; }

    /// <summary>What was done, or would be.</summary>
    public required ProfileAction Action { get; init; }

    /// <summary>True where nothing was changed because only a plan was asked for.</summary>
    public bool Planned { get; init; }

    /// <summary>Whether the destination was read back and is equal.</summary>
    public bool Verified { get; init; }

    /// <summary>The version that the destination has now; null where its store keeps none.</summary>
    public int? DestinationVersion { get; init; }

    /// <summary>The server's id of the write, to find it in the audit log.</summary>
    public string? RequestId { get; init; }

    /// <summary>Why it failed, or what to know about it.</summary>
    public string? Reason { get; init; }

    /// <summary>The reference of the source.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
