using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Routes;

/// <summary>Where a reference goes by the routes, and why. It holds no value.</summary>
public sealed record RouteTestResult : IFaultRow
{
    /// <summary>The reference that answers; the one asked for where no route matches.</summary>
    public required string Uri { get; init; }

    /// <summary>The reference that was asked for.</summary>
    public required string Reference { get; init; }

    /// <summary>The pattern of the first route that matches; null where none does.</summary>
    public string? Route { get; init; }

    /// <summary>That route's place among the routes, from 1.</summary>
    public int? Position { get; init; }

    /// <summary>Which authority answers; null where no route matches.</summary>
    public RouteMode? Mode { get; init; }

    /// <summary>The reference at the other authority, which is compared in Shadow and may stand in after the cutover; null where there is none.</summary>
    public string? Other { get; init; }

    /// <summary>Whether the old authority may stand in now.</summary>
    public RouteFallback Fallback { get; init; }

    /// <summary>Until when it may, or might.</summary>
    public DateTimeOffset? AllowFallbackUntil { get; init; }

    /// <summary>What stands at <see cref="Uri"/>, by its metadata; null where that was not asked or cannot be told.</summary>
    public SecretState? State { get; init; }

    /// <summary>The same of <see cref="Other"/>.</summary>
    public SecretState? OtherState { get; init; }

    /// <summary>The earlier routes, and why each is not for the reference.</summary>
    public IReadOnlyList<string> Passed { get; init; } = [];

    /// <summary>Why it goes there, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>Both references.</summary>
    public override string ToString() => $"{Reference} -> {Uri}";

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
