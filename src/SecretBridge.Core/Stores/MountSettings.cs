namespace SecretBridge.Stores;

/// <summary>What is set for a whole KV version 2 mount. In a change, what is null stays as it is.</summary>
public sealed record MountSettings
{
    /// <summary>Versions kept of each secret at least; 0 is the server's default of 10.</summary>
    public int? MaxVersions { get; init; }

    /// <summary>Whether writes must use check-and-set.</summary>
    public bool? CheckAndSetRequired { get; init; }

    /// <summary>How long after its writing a version is deleted; zero for never.</summary>
    public TimeSpan? DeleteVersionAfter { get; init; }
}
