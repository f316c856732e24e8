using SecretBridge.Reporting;

namespace SecretBridge.Audit.Consumers;

/// <summary>Who asked for a secret or folder, as a server's audit log tells it. It holds no token, accessor or value, hashed or not.</summary>
public sealed record VaultConsumer : IFaultRow
{
    /// <summary>The reference that was asked about; by path, that of the secret or folder that was asked for.</summary>
    public required string Uri { get; init; }

    /// <summary>The token's display name, such as <c>approle</c>; null where there is none, or several are counted here.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The entity; null where there is none, or several are counted here.</summary>
    public string? EntityId { get; init; }

    /// <summary>The role that logged in; null where the log tells none, or several are counted here.</summary>
    public string? Role { get; init; }

    /// <summary>The policies of the tokens.</summary>
    public IReadOnlyList<string> Policy { get; init; } = [];

    /// <summary>Where the requests came from.</summary>
    public IReadOnlyList<string> RemoteAddress { get; init; } = [];

    /// <summary>The namespace without slashes at its ends, empty for the root; null where several are counted here.</summary>
    public string? Namespace { get; init; }

    /// <summary>When the first request was logged.</summary>
    public DateTimeOffset? FirstTime { get; init; }

    /// <summary>When the last request was logged.</summary>
    public DateTimeOffset? LastTime { get; init; }

    /// <summary>Reads of values that were not refused.</summary>
    public long Reads { get; init; }

    /// <summary>Listings of names that were not refused.</summary>
    public long Lists { get; init; }

    /// <summary>Writes, deletions and restorations that were not refused.</summary>
    public long Writes { get; init; }

    /// <summary>Reads of metadata, which give out no value, that were not refused.</summary>
    public long MetadataReads { get; init; }

    /// <summary>Requests of any kind that were refused for want of a right or of a token.</summary>
    public long Denied { get; init; }

    /// <summary>Requests of any kind that failed otherwise.</summary>
    public long Failed { get; init; }

    /// <summary>Whether these are SecretBridge's own requests, by its audit trail.</summary>
    public bool IsSecretBridge { get; init; }

    /// <summary>Who asked for what.</summary>
    public override string ToString() => $"{DisplayName ?? "(nobody known)"}: {Uri}";

    BridgeException? IFaultRow.Fault => Fault;

    /// <summary>What of the log cannot be read; such a row is none to show.</summary>
    internal BridgeException? Fault { get; init; }
}
