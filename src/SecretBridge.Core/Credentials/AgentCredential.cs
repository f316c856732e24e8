using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Credentials;

/// <summary>One credential of an agent, without its secret.</summary>
public sealed record AgentCredential : IFaultRow
{
    /// <summary>The complete reference of the credential, with its backend.</summary>
    public required string Uri { get; init; }

    /// <summary>The agent.</summary>
    public required string AgentId { get; init; }

    /// <summary>The credential; empty where an agent's credentials could not be listed.</summary>
    public required string CredentialId { get; init; }

    /// <summary>Whether the latest version is there, deleted or destroyed; null where it was not asked, or the store does not say.</summary>
    public SecretState? State { get; init; }

    /// <summary>The latest version; null where it was not asked, or the store keeps none.</summary>
    public int? Version { get; init; }

    /// <summary>When the credential was first written.</summary>
    public DateTimeOffset? CreatedTime { get; init; }

    /// <summary>When the latest version was written: the last rotation, or the making.</summary>
    public DateTimeOffset? RotatedTime { get; init; }

    /// <summary>How many versions are kept.</summary>
    public int? VersionCount { get; init; }

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
