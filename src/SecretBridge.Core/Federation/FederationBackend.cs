using System.Collections.Specialized;
using SecretBridge.Reporting;

namespace SecretBridge.Federation;

/// <summary>
/// A backend that ScaiVault federates with. The server's guide documents no call that reads one: this is what was sent, and
/// what the server answered.
/// </summary>
public sealed record FederationBackend : IFaultRow
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The server's id of it; null where it was only planned.</summary>
    public string? Id { get; init; }

    /// <summary>What the server last said of its state.</summary>
    public string? Status { get; init; }

    /// <summary>What kind of server it is, such as <c>hashicorp-vault</c>; null where it was made elsewhere.</summary>
    public string? Type { get; init; }

    /// <summary>The address of that server; null where it was made elsewhere.</summary>
    public string? Address { get; init; }

    /// <summary>Whose paths lead where.</summary>
    public OrderedDictionary? PathMap { get; init; }

    /// <summary>How ScaiVault uses it, such as <c>sync</c>.</summary>
    public string? Mode { get; init; }

    /// <summary>How often it synchronises, as it was written.</summary>
    public string? SyncInterval { get; init; }

    /// <summary>Which side wins where both have changed, as it was written.</summary>
    public string? ConflictResolution { get; init; }

    /// <summary>The connection that it was made or changed through.</summary>
    public string? Backend { get; init; }

    /// <summary>Whether it is what would be done.</summary>
    public bool Planned { get; init; }

    /// <summary>Why it could not be made or changed; null where it was.</summary>
    public string? Reason { get; init; }

    /// <summary>Name and id.</summary>
    public override string ToString() => Id is null ? Name : $"{Name} ({Id})";

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
