using System.Globalization;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Routes;

/// <summary>Reads secrets by one route.</summary>
/// <param name="Stores">Finds the stores of targets. It does not route.</param>
/// <param name="Rule">The route.</param>
/// <param name="Asked">The reference that the route was found for.</param>
/// <param name="Options">Where drift and fallbacks are told.</param>
internal sealed record RouteReader(IStoreResolver Stores, RouteRule Rule, SecretReference Asked, RouteOptions Options)
{
    /// <summary>Why the new authority could not even be found, so that the old one is asked at once; null where it was.</summary>
    internal BridgeException? Failure { get; init; }

    private SecretRoute Route => Rule.Route;

    /// <summary>Reads a secret.</summary>
    /// <param name="first">Where the first target of the answering side leads.</param>
    /// <param name="match">What the wildcards stand for.</param>
    /// <param name="version">The version; null for the latest.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    internal async Task<SecretReading> ReadAsync(StoreLocation first, RouteMatch match, int? version, CancellationToken cancellationToken)
    {
        if (Failure is not null)
        {
            return await FallBackAsync(match.Authority[0].ToString(), first, match, version, Failure, cancellationToken).ConfigureAwait(false);
        }

        return Route.Mode switch
        {
            RouteMode.Cutover => await CutOverAsync(first, match, version, cancellationToken).ConfigureAwait(false),
            RouteMode.Shadow => await new RouteShadow(this).ReadAsync(first, match, version, cancellationToken).ConfigureAwait(false),
            _ => Told(await ReadSideAsync(match.Authority, first, version, cancellationToken).ConfigureAwait(false), first),
        };
    }

    /// <summary>Reads a side's targets in their order until one has the secret, or had it and it was deleted.</summary>
    internal async Task<(SecretReading Reading, StoreLocation Place)> ReadSideAsync(
        IReadOnlyList<SecretReference> targets, StoreLocation? first, int? version, CancellationToken cancellationToken)
    {
        (SecretReading Reading, StoreLocation Place)? absent = null;
        for (int index = 0; index < targets.Count; index++)
        {
            StoreLocation place = index == 0 && first is not null ? first : await Stores.ResolveAsync(targets[index], cancellationToken).ConfigureAwait(false);
            SecretReading reading = await place.Store.ReadAsync(place.Path, version, cancellationToken).ConfigureAwait(false);
            if (reading.State is not (SecretState.Absent or SecretState.MetadataOnly))
            {
                return (reading, place);
            }

            absent ??= (reading, place);
        }

        return absent!.Value;
    }

    /// <summary>The reading, with what is to be known of its way.</summary>
    internal SecretReading Told((SecretReading Reading, StoreLocation Place) answer, StoreLocation first) => answer.Reading with
    {
        Routed = new(Route.Pattern) { Elsewhere = answer.Place == first ? null : answer.Place },
    };

    /// <summary>Refuses where the old authority may not stand in.</summary>
    /// <exception cref="BridgeException">It may not: the failure of the new one, with what to do.</exception>
    internal void CheckFallback(BridgeException failure)
    {
        if (!(Route.AllowFallbackUntil > Options.Time.GetUtcNow()))
        {
            throw new BridgeException(failure.Kind, failure.Target, $"{failure.Message} {NoFallback}", failure);
        }
    }

    private string NoFallback =>
        $"The route '{Route.Pattern}' {(Route.AllowFallbackUntil is { } end ? $"has allowed no fallback since {Text(end)}" : "allows no fallback")}: "
        + "Set-SecretRoute with -AllowFallback lets the old authority stand in for a time, with -Mode Proxy it moves the consumer back.";

    private async Task<SecretReading> CutOverAsync(StoreLocation first, RouteMatch match, int? version, CancellationToken cancellationToken)
    {
        try
        {
            (SecretReading Reading, StoreLocation Place) answer = await ReadSideAsync(match.Authority, first, version, cancellationToken).ConfigureAwait(false);
            if (answer.Reading.State is not (SecretState.Absent or SecretState.MetadataOnly))
            {
                return Told(answer, first);
            }
        }
        catch (BridgeException exception) when (Outage.Is(exception))
        {
            // A refusal is an answer, and so is a deletion: only who has nothing or cannot be asked is stood in for.
            return await FallBackAsync(first.Uri, null, match, version, exception, cancellationToken).ConfigureAwait(false);
        }

        string uri = first.Pinned(version, null);
        return await FallBackAsync(
            first.Uri,
            null,
            match,
            version,
            new(FaultKind.SecretNotFound, uri, $"'{Asked}' leads to '{uri}', the new authority, and there is no such secret, or the token may not know of it."),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<SecretReading> FallBackAsync(
        string authority, StoreLocation? first, RouteMatch match, int? version, BridgeException failure, CancellationToken cancellationToken)
    {
        CheckFallback(failure);
        (SecretReading reading, StoreLocation place) = await OldAsync(first, match, version, failure, cancellationToken).ConfigureAwait(false);
        string until = Text(Route.AllowFallbackUntil!.Value);
        Options.Audit.Write(new("secret.fallback", place.Pinned(version, null))
        {
            Workflow = Options.Workflow,
            Backend = place.Store.Root.Backend,
            Details = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["route"] = Route.Pattern,
                ["asked"] = Asked.ToString(),
                ["authority"] = authority,
                ["cause"] = failure.Kind.ToString(),
                ["allowed_until"] = until,
            },
        });
        string reason = $"The old authority stands in: '{authority}' {(failure.Kind == FaultKind.SecretNotFound ? "has no such secret" : "could not be asked")}. That is allowed until {until}.";
        Options.Reporter.Warning($"'{Asked}' is a fallback from '{place.Uri}'. {reason} {failure.Message}");
        return reading with { Routed = new(Route.Pattern) { Elsewhere = place, Fallback = true, Reason = reason } };
    }

    private async Task<(SecretReading Reading, StoreLocation Place)> OldAsync(
        StoreLocation? first, RouteMatch match, int? version, BridgeException failure, CancellationToken cancellationToken)
    {
        try
        {
            (SecretReading Reading, StoreLocation Place) answer = await ReadSideAsync(match.Other, first, version, cancellationToken).ConfigureAwait(false);
            return answer.Reading.Payload is not null
                ? answer
                : throw new BridgeException(failure.Kind, failure.Target, $"{failure.Message} The old authority has no live secret at '{answer.Place.Uri}' either.", failure);
        }
        catch (BridgeException exception) when (exception.Kind != FaultKind.AuditFailed && exception.InnerException != failure)
        {
            throw new BridgeException(failure.Kind, failure.Target, $"{failure.Message} The old authority could not stand in: {exception.Message}", exception);
        }
    }

    internal static string Text(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
