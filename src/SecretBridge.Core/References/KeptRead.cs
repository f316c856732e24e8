using SecretBridge.Stores;

namespace SecretBridge.References;

/// <summary>A secret as it was read, and how long it may be used without reading it again. Never on disk.</summary>
/// <param name="Payload">The sealed payload.</param>
/// <param name="ResolvedAt">When it was read.</param>
internal sealed record KeptRead(SecretPayload Payload, DateTimeOffset ResolvedAt)
{
    public int? Version { get; init; }

    public string? RequestId { get; init; }

    /// <summary>The route that it was read by; null for none.</summary>
    public RoutedAnswer? Routed { get; init; }

    /// <summary>When it is due to be read again; null at once.</summary>
    public DateTimeOffset? RefreshAt { get; init; }

    /// <summary>When its lease ends, or that of the login that read it; null where there is none, and it must not be used past <see cref="RefreshAt"/>.</summary>
    public DateTimeOffset? Ends { get; init; }

    /// <summary>The connection's count of changes of the secret, before the read.</summary>
    public long Changes { get; init; }

    /// <summary>How a value is kept that was read through a connection: until four fifths of its lease or of the login's, the earlier.</summary>
    public static KeptRead Of(SecretReading reading, StoreConnection? connection, long changes, DateTimeOffset now)
    {
        var read = new KeptRead(reading.Payload!, now) { Version = reading.Version, RequestId = reading.RequestId, Routed = reading.Routed, Changes = changes };

        // What was read elsewhere than it was looked for is read again each time: the other place may have it by then.
        if (connection is not { } connected || reading.Routed?.Elsewhere is not null)
        {
            return read;
        }

        (DateTimeOffset refresh, DateTimeOffset? ends) = connected.Term;
        return read with
        {
            // A version whose deletion is due is not used past it.
            RefreshAt = Earlier(Earlier(refresh, now + (reading.Lease * 0.8)), reading.DeletionTime),
            Ends = Earlier(Earlier(ends, now + reading.Lease), reading.DeletionTime),
        };
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other ?? one : one;
}
