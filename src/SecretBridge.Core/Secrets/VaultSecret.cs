using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>One secret as it was read. Its values are sealed.</summary>
public sealed record VaultSecret : IFaultRow
{
    /// <summary>The complete reference of the secret, with its backend and without version.</summary>
    public required string Uri { get; init; }

    /// <summary>The folder that holds it, as a complete reference.</summary>
    public required string Root { get; init; }

    /// <summary>The name below <see cref="Root"/>, unescaped.</summary>
    public required string RelativePath { get; init; }

    /// <summary>The name of the connection; null for a store without one.</summary>
    public string? Backend { get; init; }

    /// <summary>The mount.</summary>
    public string? Mount { get; init; }

    /// <summary>The path in the mount, unescaped.</summary>
    public required string Path { get; init; }

    /// <summary>The last name of the path.</summary>
    public required string Name { get; init; }

    /// <summary>The one key that was asked for; null for the whole secret.</summary>
    public string? Key { get; init; }

    /// <summary>The version read; null where the store keeps none.</summary>
    public int? Version { get; init; }

    /// <summary>What stands there.</summary>
    public SecretState State { get; init; }

    /// <summary>When the version was written.</summary>
    public DateTimeOffset? CreatedTime { get; init; }

    /// <summary>When the version was deleted, or will be.</summary>
    public DateTimeOffset? DeletionTime { get; init; }

    /// <summary>The user's own key-value pairs, where the server sends them with the value.</summary>
    public IReadOnlyDictionary<string, string>? CustomMetadata { get; init; }

    /// <summary>The names of the keys, in their order.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>The sealed values by key, case-sensitive, in their order; null where no value could be read.</summary>
    public IReadOnlyDictionary<string, SealedValue>? Data { get; init; }

    /// <summary>Why no value could be read; null where one could.</summary>
    public string? Reason { get; init; }

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
