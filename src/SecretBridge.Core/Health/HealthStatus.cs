namespace SecretBridge.Health;

/// <summary>What a server is, or why it could not be asked.</summary>
public enum HealthStatus
{
    /// <summary>It cannot be reached, or something else answers there.</summary>
    Unreachable = 0,

    /// <summary>Unsealed and active.</summary>
    Active,

    /// <summary>Unsealed, waiting to take over; it forwards requests.</summary>
    Standby,

    /// <summary>A standby that answers reads itself.</summary>
    PerformanceStandby,

    /// <summary>The secondary of a disaster recovery pair; it answers nothing.</summary>
    DrSecondary,

    /// <summary>A standby that has lost the active node.</summary>
    HaUnhealthy,

    /// <summary>Sealed.</summary>
    Sealed,

    /// <summary>Not initialised.</summary>
    Uninitialized,

    /// <summary>TLS could not be agreed, or the certificate does not hold.</summary>
    TlsError,

    /// <summary>Unsealed and active, but the token lacks lines of the policy that was given.</summary>
    LacksCapability,
}
