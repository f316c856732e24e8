namespace SecretBridge.Stores;

/// <summary>A store that was reached by a route.</summary>
internal interface IRoutedStore
{
    /// <summary>Tells apart what was read by one route in one mode from what was read by another, or directly.</summary>
    string RouteKey { get; }
}
