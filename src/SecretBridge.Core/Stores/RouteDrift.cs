namespace SecretBridge.Stores;

/// <summary>How a secret at the other authority of a shadow route differs from the one that was answered.</summary>
public enum RouteDrift
{
    /// <summary>It does not, or nothing was compared.</summary>
    None = 0,

    /// <summary>Both have the secret, with different values.</summary>
    Different,

    /// <summary>The other authority has no live secret there.</summary>
    Missing,

    /// <summary>Only the other authority has a live secret there.</summary>
    Extra,

    /// <summary>The other authority could not be asked, refused, or did not answer in time.</summary>
    Unreadable,
}
