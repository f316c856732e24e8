using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Routes;

/// <summary>Routes in their order: the first that matches counts. A target is taken as it is, and never routed again.</summary>
internal sealed class RouteTable
{
    private RouteTable(RouteRule[] rules) => Rules = rules;

    internal IReadOnlyList<RouteRule> Rules { get; }

    /// <exception cref="BridgeException">A route cannot be right.</exception>
    internal static RouteTable Of(IEnumerable<SecretRoute> routes) => new(routes.Select(RouteRule.Of).ToArray());

    /// <summary>The first route that is for a reference; null where none is, and it goes where it goes without routes.</summary>
    internal RouteMatch? Find(SecretReference reference)
    {
        foreach (RouteRule rule in Rules)
        {
            if (rule.Match(reference) is { } match)
            {
                return match;
            }
        }

        return null;
    }

    /// <summary>The earlier route that leaves nothing to a route; null where there is none.</summary>
    internal RouteRule? CoverOf(RouteRule rule) => Rules
        .TakeWhile(earlier => earlier != rule)
        .FirstOrDefault(earlier => earlier.Pattern.Covers(rule.Pattern));
}
