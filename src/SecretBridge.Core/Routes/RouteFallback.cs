namespace SecretBridge.Routes;

/// <summary>Whether the old authority may stand in for the new one.</summary>
public enum RouteFallback
{
    /// <summary>It may not, or the old authority answers anyway.</summary>
    None = 0,

    /// <summary>It may, for a time.</summary>
    Allowed,

    /// <summary>It might, and that time is over.</summary>
    Ended,
}
