namespace SecretBridge.Routes;

/// <summary>Which authority a route answers from.</summary>
public enum RouteMode
{
    /// <summary>The old authority alone.</summary>
    Proxy = 0,

    /// <summary>The old authority; the new one is read too, and where it differs that is told.</summary>
    Shadow,

    /// <summary>The new authority. The old one stands in only for as long as the route allows that.</summary>
    Cutover,
}
