namespace SecretBridge.Stores;

/// <summary>What one read of a secret gave.</summary>
public sealed record SecretReading
{
    /// <summary>What stands there.</summary>
    public required SecretState State { get; init; }

    /// <summary>The payload of a live version, else null.</summary>
    public SecretPayload? Payload { get; init; }

    /// <summary>The version read; null where the store keeps none or nothing is there.</summary>
    public int? Version { get; init; }

    /// <summary>When the version was written.</summary>
    public DateTimeOffset? CreatedTime { get; init; }

    /// <summary>When the version was deleted, or will be.</summary>
    public DateTimeOffset? DeletionTime { get; init; }

    /// <summary>The secret's custom metadata, where the store sends it with the value.</summary>
    public IReadOnlyDictionary<string, string>? CustomMetadata { get; init; }

    /// <summary>
    /// How long the value holds, counted from the read; null where the server named no lease. The duration that a key-value
    /// mount sends without a lease is only advice, and is not told here.
    /// </summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>The server's id of the request, to find it in the audit log.</summary>
    public string? RequestId { get; init; }

    /// <summary>By which route it came; null where it was read directly.</summary>
    internal RoutedAnswer? Routed { get; init; }

    /// <summary>The reading of a path where nothing is.</summary>
    public static SecretReading Absent { get; } = new() { State = SecretState.Absent };

    /// <summary>The version that check-and-set must name to write next: 0 where no version was ever written.</summary>
    public int CheckAndSet => Version ?? 0;
}
