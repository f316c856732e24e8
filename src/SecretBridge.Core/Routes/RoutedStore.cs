using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Routes;

/// <summary>
/// The answering authority's store, as a route reaches it. Reads of secrets go by the route; lists and metadata are the
/// authority's alone, and nothing is written.
/// </summary>
/// <param name="inner">The authority's store.</param>
/// <param name="asked">The path in it that the route leads to.</param>
/// <param name="reader">Reads by the route.</param>
/// <param name="match">The route, and what its wildcards stand for at that path.</param>
internal sealed class RoutedStore(ISecretStore inner, SecretPath asked, RouteReader reader, RouteMatch match) : ISecretStore, IStoreDecorator, IRoutedStore
{
    public ISecretStore Inner => inner;

    public string RouteKey => $"{match.Rule.Route.Mode} {match.Rule.Pattern}";

    public SecretReference Root => inner.Root;

    public StoreIdentity Identity => inner.Identity;

    public StoreCapabilities Capabilities => inner.Capabilities;

    public ValueTask<FolderListing> ListAsync(SecretPath folder, CancellationToken cancellationToken) => inner.ListAsync(folder, cancellationToken);

    public ValueTask<IReadOnlyList<SecretPath>?> TryScanAsync(SecretPath folder, CancellationToken cancellationToken) => inner.TryScanAsync(folder, cancellationToken);

    public async ValueTask<SecretReading> ReadAsync(SecretPath path, int? version, CancellationToken cancellationToken) =>
        await reader.ReadAsync(new(inner, path), MatchAt(path), version, cancellationToken).ConfigureAwait(false);

    public ValueTask<SecretReading?> TryReadShapeAsync(SecretPath path, int? version, CancellationToken cancellationToken) =>
        inner.TryReadShapeAsync(path, version, cancellationToken);

    public ValueTask<SecretMetadata?> ReadMetadataAsync(SecretPath path, CancellationToken cancellationToken) => inner.ReadMetadataAsync(path, cancellationToken);

    public string? WhyNotHold(SecretPath path, SecretPayload payload) => inner.WhyNotHold(path, payload);

    public ValueTask<IWriteSession> OpenWriteSessionAsync(CancellationToken cancellationToken) => throw new BridgeException(
        FaultKind.NotSupported, inner.Root.ToString(), $"The route '{match.Rule.Pattern}' leads reads alone. Write to one of its targets by its own reference.");

    // A folder's finds are read below the path that was asked for, or beside it.
    private RouteMatch MatchAt(SecretPath path)
    {
        RoutePattern target = reader.Failure is null ? match.Rule.Authority[0] : match.Rule.Other[0];
        SecretPath full = inner.Root.Path.Append(path);
        return path == asked ? match
            : match.Rule.Pattern.Prefix is not null && target.Prefix is { } folder && full.IsAtOrBelow(folder) && full != folder
                ? match with { Captured = [full.RelativeTo(folder).Value] }
                : throw new BridgeException(FaultKind.NotSupported, new StoreLocation(inner, path).Uri,
                    $"The route '{match.Rule.Pattern}' cannot lead to what a listing found: only one that ends with /**, with targets that do, can.");
    }
}
