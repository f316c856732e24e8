using SecretBridge.Stores;

namespace SecretBridge.Routes;

/// <summary>A route and what its wildcards stand for.</summary>
/// <param name="Rule">The route.</param>
/// <param name="Captured">What each wildcard stands for.</param>
internal sealed record RouteMatch(RouteRule Rule, IReadOnlyList<string> Captured)
{
    /// <summary>Where the answer is read: of several the first that has the secret.</summary>
    internal IReadOnlyList<SecretReference> Authority => Fill(Rule.Authority);

    /// <summary>The same of the other side; empty where there is none.</summary>
    internal IReadOnlyList<SecretReference> Other => Fill(Rule.Other);

    private SecretReference[] Fill(IReadOnlyList<RoutePattern> side) => side.Select(target => target.Fill(Captured)).ToArray();
}
