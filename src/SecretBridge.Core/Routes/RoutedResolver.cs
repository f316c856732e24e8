using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Routes;

/// <summary>Finds stores by the first route that matches; what none matches goes where it goes without routes.</summary>
internal sealed class RoutedResolver(IStoreResolver inner, RouteOptions options) : IStoreResolver
{
    public async ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        if (options.Table.Find(reference) is not { } match)
        {
            return await inner.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        }

        SecretRoute route = match.Rule.Route;
        var reader = new RouteReader(inner, match.Rule, reference, options);
        SecretReference authority = match.Authority[0];
        options.Reporter.Verbose($"'{reference}' goes by the route '{route.Pattern}' ({route.Mode}) to '{authority}'.");
        try
        {
            return Routed(await inner.ResolveAsync(authority, cancellationToken).ConfigureAwait(false), reader, match);
        }
        catch (BridgeException exception) when (route.Mode == RouteMode.Cutover && Outage.Is(exception))
        {
            // Already the question which mount it is may find the new authority down.
            reader.CheckFallback(exception);
            StoreLocation old = await inner.ResolveAsync(match.Other[0], cancellationToken).ConfigureAwait(false);
            return Routed(old, reader with { Failure = exception }, match);
        }
    }

    private static StoreLocation Routed(StoreLocation location, RouteReader reader, RouteMatch match) =>
        location with { Store = new RoutedStore(location.Store, location.Path, reader, match) };
}
