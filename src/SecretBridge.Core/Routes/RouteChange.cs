namespace SecretBridge.Routes;

/// <summary>What is to change in a route; null leaves a field as it is.</summary>
internal sealed record RouteChange
{
    public RouteMode? Mode { get; init; }

    public IReadOnlyList<string>? Target { get; init; }

    public IReadOnlyList<string>? NewTarget { get; init; }

    public DateTimeOffset? AllowFallbackUntil { get; init; }

    /// <summary>Whether to take away what allows a fallback.</summary>
    public bool NoFallback { get; init; }

    public string? Description { get; init; }

    /// <summary>A route as it is after the change.</summary>
    internal SecretRoute Of(SecretRoute route) => route with
    {
        Mode = Mode ?? route.Mode,
        Target = Target ?? route.Target,
        NewTarget = NewTarget ?? route.NewTarget,
        AllowFallbackUntil = NoFallback ? null : AllowFallbackUntil ?? route.AllowFallbackUntil,
        Description = Description ?? route.Description,
    };
}
