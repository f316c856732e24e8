using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.References;

/// <summary>What a reference leads to. Its values are sealed.</summary>
public sealed record ResolvedSecret : IFaultRow
{
    /// <summary>The complete reference, with its backend, and with the version and key that were asked for.</summary>
    public required string Uri { get; init; }

    /// <summary>The key of <see cref="Value"/>: the one asked for, else the primary one; null where all keys are given.</summary>
    public string? Key { get; init; }

    /// <summary>The one value; null where the secret has no primary key and none was named.</summary>
    public SealedValue? Value { get; init; }

    /// <summary>The values by key, case-sensitive, in their order, where there is no one value; else null.</summary>
    public IReadOnlyDictionary<string, SealedValue>? Values { get; init; }

    /// <summary>The version read; null where the store keeps none.</summary>
    public int? Version { get; init; }

    /// <summary>When it was read from its store.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>When it is read again at the next use; null where it is never kept, so that each use reads.</summary>
    public DateTimeOffset? RefreshAt { get; init; }

    /// <summary>Whether the server could not be asked and an earlier value that is due stands in for it.</summary>
    public bool Stale { get; init; }

    /// <summary>Whether no request was sent for it.</summary>
    public bool FromCache { get; init; }

    /// <summary>The pattern of the route that led to it; null where none did.</summary>
    public string? Route { get; init; }

    /// <summary>Whether the old authority of the route stands in for the new one.</summary>
    public bool Fallback { get; init; }

    /// <summary>How the secret of the route's other authority differed when this was read.</summary>
    public RouteDrift Drift { get; init; }

    /// <summary>The server's id of the read, to find it in the audit log.</summary>
    public string? RequestId { get; init; }

    /// <summary>Why it leads to nothing, or what to know about it.</summary>
    public string? Reason { get; init; }

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }

    /// <summary>The one value or all, by key; null where it leads to nothing.</summary>
    internal IReadOnlyDictionary<string, SealedValue>? ByKey =>
        Value is null ? Values : new Dictionary<string, SealedValue>(StringComparer.Ordinal) { [Key!] = Value };
}
