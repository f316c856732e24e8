namespace SecretBridge.Stores.Snapshots;

/// <summary>One version of a secret as it was when a snapshot was made.</summary>
/// <param name="Number">Its number; 0 in a store that numbers none.</param>
/// <param name="State">Live, deleted or destroyed.</param>
/// <param name="Payload">The value of a live one, else null.</param>
internal sealed record SnapshotVersion(int Number, SecretState State, SecretPayload? Payload)
{
    /// <summary>When it was written, where that is known.</summary>
    public DateTimeOffset? CreatedTime { get; init; }

    /// <summary>When it was deleted, or was to be.</summary>
    public DateTimeOffset? DeletionTime { get; init; }
}
