using System.Globalization;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.References;

/// <summary>
/// Finds what references lead to. A value that was read through a connection is kept until it is due and read again at the next
/// use after that, or when something was written through the connection. A store without a login, such as the sealed file, is
/// read each time: that is cheap, and another process may have changed it.
/// </summary>
public sealed class ReferenceResolve
{
    private readonly ResolveOptions _options;
    private readonly IReporter _reporter;

    /// <summary>Prepares resolving.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public ReferenceResolve(ResolveOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
    }

    /// <summary>Resolves, one row an item in their order. What leads to nothing is a row with a fault; the others go on.</summary>
    public IAsyncEnumerable<ResolvedSecret> RunAsync(IAsyncEnumerable<ResolveItem> items, CancellationToken cancellationToken) =>
        BoundedPipe.SelectAsync(items, _options.ThrottleLimit, ResolveAsync, cancellationToken);

    private async Task<ResolvedSecret> ResolveAsync(ResolveItem item, CancellationToken cancellationToken)
    {
        string uri = item.Uri;
        try
        {
            var reference = SecretReference.Parse(item.Uri);
            string? key = PrimaryKey.Named(reference, _options.Key);
            StoreLocation location = await _options.Stores.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
            location = location with { Path = item.PathIn(location) };
            uri = location.Pinned(reference.Version, key);
            return location.Path.IsRoot
                ? throw new BridgeException(FaultKind.InvalidReference, item.Uri, $"'{item.Uri}' names a whole store or mount, not a secret.")
                : await ResolveAsync(location, reference.Version, key, uri, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind is not (FaultKind.NotConnected or FaultKind.AuditFailed))
        {
            return new() { Uri = uri, Reason = exception.Message, Fault = exception };
        }
    }

    private async Task<ResolvedSecret> ResolveAsync(StoreLocation location, int? version, string? key, string uri, CancellationToken cancellationToken)
    {
        StoreConnection? connection = location.Store.Find<IConnectedStore>()?.Connection;
        if (_options.Cache is not { } cache || connection is not { } connected)
        {
            return Row(uri, version, key, await ReadAsync(location, version, connection, uri, cancellationToken).ConfigureAwait(false));
        }

        var cacheKey = new CacheKey(connected, location.Store.Identity, location.Path, version, location.Store.Find<IRoutedStore>()?.RouteKey);
        try
        {
            (KeptRead read, bool fromCache) = await cache.GetAsync(
                cacheKey,
                // A key that a kept secret lacks may be there by now.
                kept => kept.Changes == connected.ChangesOf(location) && _options.Time.GetUtcNow() < kept.RefreshAt && (key is null || kept.Payload.GetValue(key) is not null),
                () => ReadAsync(location, version, connected, uri, cancellationToken),
                cancellationToken).ConfigureAwait(false);
            ResolvedSecret row = Row(uri, version, key, read) with { FromCache = fromCache };
            if (fromCache)
            {
                // No store is asked, so that none tells it.
                _options.Audit.Write(new("secret.decrypted", uri)
                {
                    Actor = connected.Actor,
                    Backend = location.Store.Root.Backend,
                    Details = new Dictionary<string, string>(StringComparer.Ordinal) { ["source"] = "cache", ["resolved_at"] = Text(read.ResolvedAt) },
                });
            }

            return row;
        }
        catch (BridgeException exception) when (_options.AllowStale && Outage.Is(exception))
        {
            KeptRead? kept = cache.Find(cacheKey);
            return kept is not null && kept.Changes == connected.ChangesOf(location) && _options.Time.GetUtcNow() < kept.Ends
                ? Stale(location, connected, version, key, uri, kept, exception)
                : throw new BridgeException(exception.Kind, uri,
                    $"'{uri}' cannot be resolved, and no earlier value of it is still inside its lease. {exception.Message}", exception);
        }
    }

    private async Task<KeptRead> ReadAsync(
        StoreLocation location, int? version, StoreConnection? connection, string uri, CancellationToken cancellationToken)
    {
        long changes = connection?.ChangesOf(location) ?? 0;
        SecretReading reading = await location.Store.ReadAsync(location.Path, version, cancellationToken).ConfigureAwait(false);
        return reading.Payload is null
            ? throw Missing(uri, reading.State)
            : KeptRead.Of(reading, connection, changes, _options.Time.GetUtcNow());
    }

    private ResolvedSecret Stale(StoreLocation location, StoreConnection connection, int? version, string? key, string uri, KeptRead kept, BridgeException cause)
    {
        ResolvedSecret row = Row(uri, version, key, kept);
        string reason = $"The server could not be asked, so that the value read at {Text(kept.ResolvedAt)} is used; its lease ends at {Text(kept.Ends!.Value)}.";
        _options.Audit.Write(new("secret.stale", uri)
        {
            Actor = connection.Actor,
            Backend = location.Store.Root.Backend,
            Details = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["resolved_at"] = Text(kept.ResolvedAt),
                ["lease_ends_at"] = Text(kept.Ends.Value),
                ["cause"] = cause.Kind.ToString(),
            },
        });
        _reporter.Warning($"'{uri}' is stale. {reason} {cause.Message}");
        return row with { Stale = true, FromCache = true, Reason = reason };
    }

    private static ResolvedSecret Row(string uri, int? version, string? key, KeptRead read)
    {
        uri = read.Routed?.Elsewhere?.Pinned(version, key) ?? uri;
        string? chosen = key ?? PrimaryKey.Of(read.Payload);
        return new()
        {
            Uri = uri,
            Key = chosen,
            Value = chosen is null ? null : read.Payload.GetValue(chosen)
                ?? throw new BridgeException(FaultKind.SecretNotFound, uri, $"'{uri}' leads to nothing: the secret has no key '{chosen}'."),
            Values = chosen is null ? read.Payload.ToDictionary() : null,
            Version = read.Version,
            ResolvedAt = read.ResolvedAt,
            RefreshAt = read.RefreshAt,
            RequestId = read.RequestId,
            Route = read.Routed?.Route,
            Fallback = read.Routed?.Fallback ?? false,
            Drift = read.Routed?.Drift ?? RouteDrift.None,
            Reason = read.Routed?.Reason,
        };
    }

    private static BridgeException Missing(string uri, SecretState state) => state is SecretState.Deleted or SecretState.Destroyed
        ? new(FaultKind.SecretDeleted, uri, $"'{uri}' leads to nothing: that version is {state.ToString().ToLowerInvariant()}.")
        : new(FaultKind.SecretNotFound, uri, $"'{uri}' leads to nothing: there is no such secret, or the token may not know of it.");

    private static string Text(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
