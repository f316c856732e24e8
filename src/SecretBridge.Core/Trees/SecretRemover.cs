using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// Removes one secret after another, each by the version numbers that were compared, so that what was written since stays.
/// </summary>
internal sealed class SecretRemover(RemovalOptions options, WriteSessions sessions)
{
    internal const string Gone = "It is gone already.";
    internal const string NothingLeft = "Nothing of it is left to remove.";

    internal async Task<RemoveResult> RemoveAsync(RemovalItem item, CancellationToken cancellationToken)
    {
        try
        {
            StoreLocation location = await FindAsync(options.Stores, item.Uri, item.Permit?.Store, item.Permit?.Path, cancellationToken).ConfigureAwait(false);
            if (!location.Store.Capabilities.HasFlag(StoreCapabilities.Remove))
            {
                throw new BridgeException(FaultKind.NotSupported, item.Uri, $"'{item.Uri}' is in a store from which nothing can be removed here.");
            }

            return location.Store.Capabilities.HasFlag(StoreCapabilities.Versions)
                ? await RemoveVersionsAsync(item, location, cancellationToken).ConfigureAwait(false)
                : await RemoveWholeAsync(item, location, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind == FaultKind.RemovalRefused)
        {
            return item.Result(RemoveAction.Skipped) with { Reason = exception.Message, Fault = exception };
        }
        catch (BridgeException exception)
        {
            return item.Result(RemoveAction.Failed) with { Reason = exception.Message, Fault = exception };
        }
    }

    /// <summary>The versions that a removal would end now.</summary>
    internal static IEnumerable<int> Ending(SecretMetadata metadata, RemovalExtent extent) => metadata.Versions
        .Where(version => extent == RemovalExtent.AllVersions || (version.StateAt(metadata.Now) is var state
            && (state == SecretState.Live || (state == SecretState.Deleted && extent == RemovalExtent.Destroy))))
        .Select(version => version.Number);

    // A name may have been connected to another server since the comparison.
    private static async Task<StoreLocation> FindAsync(
        IStoreResolver stores, string uri, StoreIdentity? store, SecretPath? path, CancellationToken cancellationToken)
    {
        StoreLocation location = await stores.ResolveAsync(SecretReference.Parse(uri), cancellationToken).ConfigureAwait(false);
        return store is null || (location.Store.Identity == store && location.Path == path)
            ? location
            : throw Refused(uri, "now leads to another store than the one that was compared");
    }

    private async Task<RemoveResult> RemoveVersionsAsync(RemovalItem item, StoreLocation location, CancellationToken cancellationToken)
    {
        SecretMetadata? metadata = await location.Store.ReadMetadataAsync(location.Path, cancellationToken).ConfigureAwait(false);
        if (metadata is null)
        {
            return item.Result(RemoveAction.Skipped) with { Reason = Gone };
        }

        int compared = item.Permit is null ? metadata.CurrentVersion
            : item.Permit.Version ?? throw Refused(item.Uri, "was compared without a version, and its store keeps versions now");
        CheckIsSame(item, metadata, compared);
        if (options.Extent == RemovalExtent.AllVersions)
        {
            if (metadata.CurrentVersion != compared)
            {
                throw Refused(item.Uri, FormattableString.Invariant($"is at version {metadata.CurrentVersion}, and version {compared} was compared: what was written since would be lost"));
            }

            return await DoAsync(item, location, RemoveAction.Removed, Ending(metadata, options.Extent).ToArray(), null, cancellationToken).ConfigureAwait(false);
        }

        // Earlier versions go too: while they are live, anybody who may read the secret may read them.
        int[] versions = Ending(metadata, options.Extent).Where(version => version <= compared).ToArray();
        string? later = metadata.CurrentVersion > compared ? FormattableString.Invariant($"Version {metadata.CurrentVersion} was written since, and stays.") : null;
        return versions.Length == 0
            ? item.Result(RemoveAction.Skipped) with { Reason = later ?? NothingLeft }
            : await DoAsync(item, location, options.Extent == RemovalExtent.Destroy ? RemoveAction.Destroyed : RemoveAction.Deleted, versions, later, cancellationToken).ConfigureAwait(false);
    }

    // A secret that was removed and made anew counts from 1 again: its numbers are those of other versions.
    private static void CheckIsSame(RemovalItem item, SecretMetadata metadata, int compared)
    {
        if (item.Permit is not { } permit)
        {
            return;
        }

        SecretVersion? version = metadata.Versions.FirstOrDefault(kept => kept.Number == compared);
        bool anew = metadata.CurrentVersion < compared
            || (version is null ? metadata.Versions.Any(kept => kept.Number < compared)
                : permit.CreatedTime is { } created && created != version.CreatedTime);
        if (anew)
        {
            throw Refused(item.Uri, "was removed and made anew since it was compared");
        }

        if (permit.State != SecretState.Live && version?.StateAt(metadata.Now) == SecretState.Live)
        {
            throw Refused(item.Uri, FormattableString.Invariant($"has version {compared} restored, which was deleted when it was compared"));
        }
    }

    private async Task<RemoveResult> RemoveWholeAsync(RemovalItem item, StoreLocation location, CancellationToken cancellationToken)
    {
        if (options.Extent != RemovalExtent.AllVersions)
        {
            throw new BridgeException(FaultKind.NotSupported, item.Uri,
                $"'{item.Uri}' is in a store without versions, where nothing can be restored. -AllVersions removes it for good.");
        }

        SecretReading reading = await location.Store.ReadAsync(location.Path, null, cancellationToken).ConfigureAwait(false);
        if (reading.State == SecretState.Absent)
        {
            return item.Result(RemoveAction.Skipped) with { Reason = Gone };
        }

        if (item.Permit is { } permit)
        {
            await CheckIsThereAsync(item, permit, location.Store, reading, cancellationToken).ConfigureAwait(false);
        }

        return await DoAsync(item, location, RemoveAction.Removed, [], null, cancellationToken).ConfigureAwait(false);
    }

    // Without a version there is nothing that a comparison could have been of: the content itself is looked at again.
    private async Task CheckIsThereAsync(
        RemovalItem item, RemovalPermit permit, ISecretStore store, SecretReading reading, CancellationToken cancellationToken)
    {
        if (permit.OtherUri is not { } otherUri)
        {
            throw Refused(item.Uri, "had no value when it was compared, and has one now");
        }

        StoreLocation other = await FindAsync(options.OtherStores, otherUri, permit.OtherStore, permit.OtherPath, cancellationToken).ConfigureAwait(false);
        SecretReading there = await other.Store.ReadAsync(other.Path, null, cancellationToken).ConfigureAwait(false);
        bool throughDouble = (store.Capabilities | other.Store.Capabilities).HasFlag(StoreCapabilities.NumbersThroughDouble);
        if (there.Payload is null || reading.Payload is null || !reading.Payload.Compare(there.Payload, throughDouble).AreEqual)
        {
            throw Refused(item.Uri, $"no longer equals '{otherUri}'");
        }
    }

    private async Task<RemoveResult> DoAsync(
        RemovalItem item, StoreLocation location, RemoveAction action, IReadOnlyList<int> versions, string? reason, CancellationToken cancellationToken)
    {
        RemoveResult result = item.Result(action) with { Version = versions, Reason = reason, Planned = options.PlanOnly };
        if (options.PlanOnly)
        {
            return result;
        }

        IWriteSession session = await sessions.OfAsync(location.Store, cancellationToken).ConfigureAwait(false);
        await (action switch
        {
            RemoveAction.Deleted => session.DeleteAsync(location.Path, versions, cancellationToken).AsTask(),
            RemoveAction.Destroyed => session.DestroyAsync(location.Path, versions, cancellationToken).AsTask(),
            _ => session.RemoveAsync(location.Path, cancellationToken).AsTask(),
        }).ConfigureAwait(false);
        return result;
    }

    private static BridgeException Refused(string uri, string why) => new(FaultKind.RemovalRefused, uri, $"'{uri}' {why}; it was left as it is.");
}
