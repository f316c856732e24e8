namespace SecretBridge.Audit.Consumers;

/// <summary>What requests have in common that are counted in one row.</summary>
public enum ConsumerGrouping
{
    /// <summary>The token's display name.</summary>
    DisplayName = 0,

    /// <summary>The entity.</summary>
    Entity,

    /// <summary>The role that logged in.</summary>
    Role,

    /// <summary>A policy: a request counts in the row of each of its token's policies.</summary>
    Policy,

    /// <summary>Where the request came from.</summary>
    RemoteAddress,

    /// <summary>The secret or folder that was asked for.</summary>
    Path,
}
