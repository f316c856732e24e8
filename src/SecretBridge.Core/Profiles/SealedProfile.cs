using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>What a job needs to run, kept as one secret: plain settings, and secrets that stay sealed.</summary>
public sealed record SealedProfile : IFaultRow
{
    /// <summary>The complete reference of the secret that holds the profile.</summary>
    public required string Uri { get; init; }

    /// <summary>The folder that holds it, as a complete reference; null where it was not found.</summary>
    public string? Root { get; init; }

    /// <summary>The secret's name below <see cref="Root"/>, unescaped; null where it was not found.</summary>
    public string? RelativePath { get; init; }

    /// <summary>The profile's name; the secret's where the profile does not say.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Who answers for it.</summary>
    public string? Owner { get; init; }

    /// <summary>Words to find it by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Settings that are no secret, by name.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The sealed secrets, by name.</summary>
    public IReadOnlyDictionary<string, SealedValue> Secrets { get; init; } = new Dictionary<string, SealedValue>(StringComparer.Ordinal);

    /// <summary>The workflows that may use it; empty where it does not say.</summary>
    public IReadOnlyList<string> AllowedWorkflows { get; init; } = [];

    /// <summary>The version read; null where the store keeps none.</summary>
    public int? Version { get; init; }

    /// <summary>When that version was written.</summary>
    public DateTimeOffset? CreatedTime { get; init; }

    /// <summary>Whether only what stands beside the secret was read: settings and secrets are not known then.</summary>
    public bool IsMetadataOnly { get; init; }

    /// <summary>The pattern of the route that led to it; null where none did.</summary>
    public string? Route { get; init; }

    /// <summary>Whether the old authority of the route stands in for the new one.</summary>
    public bool Fallback { get; init; }

    /// <summary>How the profile at the route's other authority differs.</summary>
    public RouteDrift Drift { get; init; }

    /// <summary>Why it could not be read, or what to know about it; null where there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
