using SecretBridge.Reporting;

namespace SecretBridge.Profiles;

/// <summary>One thing that a test of a profile found. It tells keys, never values.</summary>
public sealed record ProfileFinding : IFaultRow
{
    /// <summary>The complete reference of the secret that holds the profile; what was asked for where it was not found.</summary>
    public required string Uri { get; init; }

    /// <summary>The secret's name.</summary>
    public required string Name { get; init; }

    /// <summary>How much it weighs.</summary>
    public required ProfileSeverity Severity { get; init; }

    /// <summary>The key, such as <c>secrets.DB_PASSWORD</c>; null for the profile as a whole.</summary>
    public string? Key { get; init; }

    /// <summary>The rule that was broken, such as <c>ExpiredToken</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>What is wrong, and what to do.</summary>
    public required string Message { get; init; }

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
