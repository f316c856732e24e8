namespace SecretBridge.DevVault;

/// <summary>What a node is, as sys/health tells it.</summary>
public enum NodeState
{
    /// <summary>200.</summary>
    Active,

    /// <summary>429; other requests are forwarded or answered with 307.</summary>
    Standby,

    /// <summary>473; reads are served.</summary>
    PerformanceStandby,

    /// <summary>472.</summary>
    DrSecondary,

    /// <summary>503.</summary>
    Sealed,

    /// <summary>501.</summary>
    Uninitialised,

    /// <summary>429, and 500 on everything else: an election is under way.</summary>
    Leaderless,
}
