namespace SecretBridge.References;

/// <summary>A secret, or a folder with all below it, that has moved.</summary>
/// <param name="From">Where it was.</param>
/// <param name="To">Where it is now.</param>
public sealed record MovedReference(string From, string To)
{
    /// <summary>
    /// Whether this is one secret that was copied. Nothing below it has moved; and as files seldom name a connection, references
    /// without one mean it too.
    /// </summary>
    public bool IsCopy { get; init; }

    /// <summary>The version that was copied; null where it is not known.</summary>
    public int? FromVersion { get; init; }

    /// <summary>The version that the copy has; null where it is not known.</summary>
    public int? ToVersion { get; init; }
}
