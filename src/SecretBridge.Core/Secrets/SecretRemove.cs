using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>
/// Removes secrets or versions of them. A server answers alike whether something was there or not, so metadata is read first
/// and the row tells what really happened.
/// </summary>
public sealed class SecretRemove
{
    private const string Race = "What was latest was deleted without its number: it may be a version that was written in between.";

    private readonly RemoveOptions _options;

    /// <summary>Prepares a removal.</summary>
    public SecretRemove(RemoveOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Removes, one row an item in their order. What could not be removed is a row with a fault; the others go on.</summary>
    public IAsyncEnumerable<SecretChange> RunAsync(IAsyncEnumerable<SecretItem> items, CancellationToken cancellationToken) =>
        BoundedPipe.SelectAsync(items, _options.ThrottleLimit, RemoveAsync, cancellationToken);

    internal async Task<SecretChange> RemoveAsync(SecretItem item, CancellationToken cancellationToken)
    {
        SecretPlace? place = null;
        try
        {
            place = await SecretPlace.FindWholeAsync(_options.Stores, item.Uri, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<int> versions = VersionList.Of(place, _options.Versions);
            if (!place.Store.Capabilities.HasFlag(StoreCapabilities.Remove))
            {
                throw new BridgeException(FaultKind.NotSupported, place.Uri, $"'{place.Uri}' is in a store from which nothing can be removed here.");
            }

            return place.Store.Capabilities.HasFlag(StoreCapabilities.Versions)
                ? await RemoveVersionsAsync(place, versions, item.PlanOnly, cancellationToken).ConfigureAwait(false)
                : await RemoveWholeAsync(place, versions, item.PlanOnly, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind != FaultKind.NotConnected)
        {
            return SecretPlace.Failed(place, item.Uri, exception);
        }
    }

    private async Task<SecretChange> RemoveVersionsAsync(
        SecretPlace place, IReadOnlyList<int> versions, bool planOnly, CancellationToken cancellationToken)
    {
        if (_options.Kind == RemovalKind.AllVersions && versions.Count > 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, place.Uri, $"'{place.Reference}' names a version, but all versions are to be removed.");
        }

        bool isLatest = versions.Count == 0;
        bool mayBeBlind = !isLatest || _options.Kind != RemovalKind.Destroy;
        SecretMetadata? metadata = await TryReadMetadataAsync(place, mayBeBlind, cancellationToken).ConfigureAwait(false);
        SecretAction action = _options.Kind switch
        {
            RemovalKind.Destroy => SecretAction.Destroyed,
            RemovalKind.AllVersions => SecretAction.Removed,
            _ => SecretAction.Deleted,
        };
        SecretState wanted = action == SecretAction.Destroyed ? SecretState.Destroyed : SecretState.Deleted;
        if (metadata is not null && action != SecretAction.Removed)
        {
            versions = versions.Count > 0 || metadata.CurrentVersion == 0 ? versions : [metadata.CurrentVersion];
            if (versions.FirstOrDefault(version => metadata.Versions.All(kept => kept.Number != version)) is > 0 and var unknown)
            {
                throw new BridgeException(FaultKind.SecretNotFound, place.Uri, $"The secret '{place.Uri}' has no version {unknown}.");
            }

            // A version deleted by now, or destroyed, has nothing left to delete.
            DateTimeOffset now = metadata.Now;
            versions = versions.Where(version => metadata.Versions.First(kept => kept.Number == version).StateAt(now) is var state
                && state != wanted && state != SecretState.Destroyed).ToArray();
            if (versions.Count == 0)
            {
                return place.Change(SecretAction.Unchanged, [], planOnly);
            }
        }

        bool isBlind = metadata is null && action == SecretAction.Deleted && versions.Count == 0;
        string? note = metadata is not null ? null
            : "Whether it was there cannot be told: the token may not read its metadata." + (isBlind ? " " + Race : "");
        if (planOnly)
        {
            return place.Change(action, versions, planned: true) with { Reason = note };
        }

        IWriteSession session = await place.Store.OpenWriteSessionAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            switch (action)
            {
                case SecretAction.Removed:
                    await session.RemoveAsync(place.Path, cancellationToken).ConfigureAwait(false);
                    break;
                case SecretAction.Destroyed:
                    await session.DestroyAsync(place.Path, versions, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    note = await DeleteAsync(session, place, versions, isLatest, cancellationToken).ConfigureAwait(false) ? Race : note;
                    break;
            }
        }

        return place.Change(action, versions, planned: false) with { Reason = note };
    }

    // By the number that was looked at, so that a version written since survives. True where it went without its number.
    private async Task<bool> DeleteAsync(
        IWriteSession session, SecretPlace place, IReadOnlyList<int> versions, bool isLatest, CancellationToken cancellationToken)
    {
        try
        {
            await session.DeleteAsync(place.Path, versions, cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (BridgeException exception) when (isLatest && versions.Count > 0 && exception.Kind == FaultKind.PermissionDenied)
        {
            // Deleting the latest without its number is another request, which policies allow more often.
            if (!_options.Force)
            {
                throw new BridgeException(exception.Kind, exception.Target,
                    $"{exception.Message} -Force deletes what is latest at that moment, without its number: where somebody writes after version {versions[0]} was looked at, the newer version is deleted.", exception);
            }

            await session.DeleteAsync(place.Path, [], cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    private async Task<SecretChange> RemoveWholeAsync(
        SecretPlace place, IReadOnlyList<int> versions, bool planOnly, CancellationToken cancellationToken)
    {
        if (versions.Count > 0 || _options.Kind != RemovalKind.AllVersions)
        {
            throw new BridgeException(FaultKind.NotSupported, place.Uri,
                $"'{place.Uri}' is in a store without versions, where nothing can be restored. -AllVersions removes it for good.");
        }

        if ((await place.Store.ReadAsync(place.Path, null, cancellationToken).ConfigureAwait(false)).State == SecretState.Absent)
        {
            throw Absent(place);
        }

        if (!planOnly)
        {
            IWriteSession session = await place.Store.OpenWriteSessionAsync(cancellationToken).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                await session.RemoveAsync(place.Path, cancellationToken).ConfigureAwait(false);
            }
        }

        return place.Change(SecretAction.Removed, [], planOnly);
    }

    // Null where the token may delete but not look.
    private static async Task<SecretMetadata?> TryReadMetadataAsync(SecretPlace place, bool mayBeBlind, CancellationToken cancellationToken)
    {
        try
        {
            return await place.Store.ReadMetadataAsync(place.Path, cancellationToken).ConfigureAwait(false) ?? throw Absent(place);
        }
        catch (BridgeException exception) when (mayBeBlind && exception.Kind == FaultKind.PermissionDenied)
        {
            return null;
        }
    }

    private static BridgeException Absent(SecretPlace place) =>
        new(FaultKind.SecretNotFound, place.Uri, $"The secret '{place.Uri}' does not exist, or the token may not know of it.");
}
