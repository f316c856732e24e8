using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Routes;

/// <summary>A route, ready to be asked.</summary>
internal sealed class RouteRule
{
    private RouteRule(SecretRoute route)
    {
        Route = route;
        Pattern = RoutePattern.Parse(route.Pattern);
        Old = route.Target.Select(RoutePattern.Parse).ToArray();
        New = route.NewTarget.Select(RoutePattern.Parse).ToArray();
    }

    internal SecretRoute Route { get; }

    internal RoutePattern Pattern { get; }

    internal IReadOnlyList<RoutePattern> Old { get; }

    internal IReadOnlyList<RoutePattern> New { get; }

    /// <summary>The side that answers in the route's mode.</summary>
    internal IReadOnlyList<RoutePattern> Authority => Route.Mode == RouteMode.Cutover ? New : Old;

    /// <summary>The other side; empty where there is none.</summary>
    internal IReadOnlyList<RoutePattern> Other => Route.Mode == RouteMode.Cutover ? Old : New;

    /// <exception cref="BridgeException">The route cannot be right (<see cref="FaultKind.InvalidArgument"/>, <see cref="FaultKind.InvalidReference"/>).</exception>
    internal static RouteRule Of(SecretRoute route)
    {
        var rule = new RouteRule(route);
        foreach (RoutePattern target in rule.Old.Concat(rule.New))
        {
            if (!target.HasScheme)
            {
                throw Refuse(route, "a target of it has no scheme; write vault://, with the backend where it is not the current one");
            }

            if (target.Wildcards != rule.Pattern.Wildcards)
            {
                throw Refuse(route, $"it has {rule.Pattern.Wildcards} wildcards, and its target '{target}' has {target.Wildcards}; each must find its counterpart");
            }
        }

        return rule.Old.Count == 0 ? throw Refuse(route, "it has no target")
            : route.Mode != RouteMode.Proxy && rule.New.Count == 0 ? throw Refuse(route, $"{route.Mode} needs a new target, the new authority beside the old one")
            : rule;
    }

    /// <summary>The match of a reference; null where the route is not for it.</summary>
    internal RouteMatch? Match(SecretReference reference) => Pattern.Capture(reference) is { } captured ? new(this, captured) : null;

    private static BridgeException Refuse(SecretRoute route, string flaw) =>
        new(FaultKind.InvalidArgument, route.Pattern, $"The route '{route.Pattern}' cannot be used: {flaw}.");
}
