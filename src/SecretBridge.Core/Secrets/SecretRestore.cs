using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>Restores soft-deleted versions. Metadata is read first: a server answers alike whether a version could be restored or not.</summary>
public sealed class SecretRestore
{
    private readonly RestoreOptions _options;

    /// <summary>Prepares a restoration.</summary>
    public SecretRestore(RestoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Restores, one row an item in their order. What could not be restored is a row with a fault; the others go on.</summary>
    public IAsyncEnumerable<SecretChange> RunAsync(IAsyncEnumerable<SecretItem> items, CancellationToken cancellationToken) =>
        BoundedPipe.SelectAsync(items, _options.ThrottleLimit, RestoreAsync, cancellationToken);

    private async Task<SecretChange> RestoreAsync(SecretItem item, CancellationToken cancellationToken)
    {
        SecretPlace? place = null;
        try
        {
            place = await SecretPlace.FindWholeAsync(_options.Stores, item.Uri, cancellationToken).ConfigureAwait(false);
            return await RestoreAsync(place, item.PlanOnly, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind != FaultKind.NotConnected)
        {
            return SecretPlace.Failed(place, item.Uri, exception);
        }
    }

    private async Task<SecretChange> RestoreAsync(SecretPlace place, bool planOnly, CancellationToken cancellationToken)
    {
        if (!place.Store.Capabilities.HasFlag(StoreCapabilities.Versions))
        {
            throw new BridgeException(FaultKind.NotSupported, place.Uri, $"'{place.Uri}' is in a store without versions, where nothing can be restored.");
        }

        SecretMetadata metadata = await place.Store.ReadMetadataAsync(place.Path, cancellationToken).ConfigureAwait(false)
            ?? throw new BridgeException(FaultKind.SecretNotFound, place.Uri, $"The secret '{place.Uri}' does not exist, or the token may not know of it.");
        IReadOnlyList<int> named = VersionList.Of(place, _options.Versions);
        DateTimeOffset now = metadata.Now;
        var deleted = new List<int>();
        foreach (int version in named.Count > 0 ? named : [metadata.CurrentVersion])
        {
            SecretState state = metadata.Versions.FirstOrDefault(kept => kept.Number == version)?.StateAt(now) ?? SecretState.Absent;
            if (state is SecretState.Destroyed or SecretState.Absent)
            {
                throw new BridgeException(
                    state == SecretState.Destroyed ? FaultKind.SecretDeleted : FaultKind.SecretNotFound, place.Uri,
                    $"Version {version} of the secret '{place.Uri}' {(state == SecretState.Destroyed ? "is destroyed; its value is gone for good" : "does not exist")}.");
            }

            if (state == SecretState.Deleted)
            {
                deleted.Add(version);
            }
        }

        if (deleted.Count == 0)
        {
            return place.Change(SecretAction.Unchanged, [], planOnly);
        }

        if (!planOnly)
        {
            IWriteSession session = await place.Store.OpenWriteSessionAsync(cancellationToken).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                await session.UndeleteAsync(place.Path, deleted, cancellationToken).ConfigureAwait(false);
            }
        }

        return place.Change(SecretAction.Restored, deleted, planOnly);
    }
}
