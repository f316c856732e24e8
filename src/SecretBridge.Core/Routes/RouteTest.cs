using System.Globalization;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Routes;

/// <summary>Tells where references go by routes. No value is read, and without stores nothing is asked at all.</summary>
/// <param name="table">The routes.</param>
/// <param name="stores">Finds the stores to look at; null to look at none.</param>
/// <param name="time">The clock.</param>
internal sealed class RouteTest(RouteTable table, IStoreResolver? stores, TimeProvider time)
{
    internal async Task<RouteTestResult> RunAsync(string uri, CancellationToken cancellationToken)
    {
        RouteTestResult? row = null;
        try
        {
            var reference = SecretReference.Parse(uri);
            RouteMatch? match = table.Find(reference);
            row = match is null ? Unmatched(reference) : Matched(reference, match);
            return stores is null ? row : await LookAsync(row, reference, match, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind is not (FaultKind.NotConnected or FaultKind.AuditFailed))
        {
            return (row ?? new() { Uri = uri, Reference = uri }) with { Reason = exception.Message, Fault = exception };
        }
    }

    private RouteTestResult Unmatched(SecretReference reference) => new()
    {
        Uri = reference.ToString(),
        Reference = reference.ToString(),
        Passed = Passed(reference, table.Rules),
        Reason = table.Rules.Count == 0 ? "There are no routes: it goes where it says." : "No route is for it: it goes where it says.",
    };

    private RouteTestResult Matched(SecretReference reference, RouteMatch match)
    {
        SecretRoute route = match.Rule.Route;
        RouteFallback fallback = route.Mode != RouteMode.Cutover || route.AllowFallbackUntil is null ? RouteFallback.None
            : route.AllowFallbackUntil > time.GetUtcNow() ? RouteFallback.Allowed
            : RouteFallback.Ended;
        SecretReference authority = Kept(match.Authority[0], reference);
        return new()
        {
            Uri = authority.ToString(),
            Reference = reference.ToString(),
            Route = route.Pattern,
            Position = table.Rules.ToList().IndexOf(match.Rule) + 1,
            Mode = route.Mode,
            Other = match.Other.Count == 0 ? null : Kept(match.Other[0], reference).ToString(),
            Fallback = fallback,
            AllowFallbackUntil = route.Mode == RouteMode.Cutover ? route.AllowFallbackUntil : null,
            Passed = Passed(reference, table.Rules.TakeWhile(rule => rule != match.Rule)),
            Reason = string.Concat(Words(route, fallback), Several(match.Rule.Authority), Again(authority)),
        };
    }

    private static string Words(SecretRoute route, RouteFallback fallback) => route.Mode switch
    {
        RouteMode.Proxy => "Proxy: the old authority answers.",
        RouteMode.Shadow => "Shadow: the old authority answers, the new one is read too, and where it differs that is told.",
        _ => "Cutover: the new authority answers. " + fallback switch
        {
            RouteFallback.Allowed => $"The old one stands in until {RouteReader.Text(route.AllowFallbackUntil!.Value)} where the new one has no such secret or cannot be asked.",
            RouteFallback.Ended => $"The old one might stand in until {RouteReader.Text(route.AllowFallbackUntil!.Value)}; since then it is an error where the new one has no such secret.",
            _ => "It is an error where it has no such secret.",
        },
    };

    private static string Several(IReadOnlyList<RoutePattern> side) => side.Count < 2 ? ""
        : string.Create(CultureInfo.InvariantCulture, $" Of its {side.Count} targets the first that has the secret counts.");

    private string Again(SecretReference target) => table.Find(target) is { } again ? $" The target matches the route '{again.Rule.Pattern}' too, and is not routed again." : "";

    private static string[] Passed(SecretReference reference, IEnumerable<RouteRule> rules) => rules
        .Select((rule, index) => string.Create(CultureInfo.InvariantCulture, $"{index + 1} {rule.Pattern}: {rule.Pattern.WhyNot(reference)}."))
        .ToArray();

    private static SecretReference Kept(SecretReference target, SecretReference asked) =>
        SecretReference.Create(target.Scheme!, target.Backend, target.Path, asked.Version, asked.Key);

    private async Task<RouteTestResult> LookAsync(RouteTestResult row, SecretReference reference, RouteMatch? match, CancellationToken cancellationToken)
    {
        (SecretState? state, StoreLocation place) = await LookAsync(match?.Authority ?? [reference], cancellationToken).ConfigureAwait(false);
        row = row with { Uri = place.Pinned(reference.Version, reference.Key), State = state };
        if (match is null || match.Other.Count == 0)
        {
            return row;
        }

        (state, place) = await LookAsync(match.Other, cancellationToken).ConfigureAwait(false);
        return row with { Other = place.Pinned(reference.Version, reference.Key), OtherState = state };
    }

    private async Task<(SecretState? State, StoreLocation Place)> LookAsync(IReadOnlyList<SecretReference> targets, CancellationToken cancellationToken)
    {
        (SecretState? State, StoreLocation Place)? first = null;
        foreach (SecretReference target in targets)
        {
            StoreLocation place = await stores!.ResolveAsync(target, cancellationToken).ConfigureAwait(false);
            SecretState? state = await StateAsync(place, cancellationToken).ConfigureAwait(false);
            if (state is not (SecretState.Absent or SecretState.MetadataOnly or null))
            {
                return (state, place);
            }

            first ??= (state, place);
        }

        return first!.Value;
    }

    private static async Task<SecretState?> StateAsync(StoreLocation place, CancellationToken cancellationToken)
    {
        if (place.Path.IsRoot)
        {
            throw new BridgeException(FaultKind.InvalidReference, place.Uri, $"'{place.Uri}' names a whole store or mount, not a secret.");
        }

        if (place.Store.Capabilities.HasFlag(StoreCapabilities.Metadata))
        {
            SecretMetadata? metadata = await place.Store.ReadMetadataAsync(place.Path, cancellationToken).ConfigureAwait(false);
            return metadata is null ? SecretState.Absent : metadata.StateAt(metadata.Now);
        }

        if (!place.Store.Capabilities.HasFlag(StoreCapabilities.List))
        {
            return null;
        }

        // A store without metadata tells what is there by its folders alone.
        FolderListing listing = await place.Store.ListAsync(place.Path.Parent, cancellationToken).ConfigureAwait(false);
        return listing.Names.Any(name => !name.IsFolder && name.Name == place.Path.Name) ? SecretState.Live : SecretState.Absent;
    }
}
