namespace SecretBridge.Stores;

/// <summary>By which route a reading came, and what its user has to know of that. It holds no value.</summary>
/// <param name="Route">The route's pattern.</param>
internal sealed record RoutedAnswer(string Route)
{
    /// <summary>Where the value was read, if that is another place than the reading's store and path say; it is not to be kept then.</summary>
    public StoreLocation? Elsewhere { get; init; }

    /// <summary>Whether the old authority stood in for the new one.</summary>
    public bool Fallback { get; init; }

    /// <summary>How the other authority's secret differs.</summary>
    public RouteDrift Drift { get; init; }

    /// <summary>What to know, in a sentence; null for nothing.</summary>
    public string? Reason { get; init; }
}
