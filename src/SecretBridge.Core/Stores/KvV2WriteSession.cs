using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>Changes to a KV version 2 mount. A write whose reply was lost is looked for before it is given up.</summary>
internal sealed class KvV2WriteSession(KvV2Store store, VaultKv kv) : IWriteSession
{
    private const int MostLooks = 4;
    private static readonly TimeSpan StandbyLag = TimeSpan.FromMilliseconds(500);

    public async ValueTask<WriteReceipt> WriteAsync(SecretPath path, SecretPayload payload, int? checkAndSet, CancellationToken cancellationToken)
    {
        VaultRequest request = store.About(path, KvRequests.WriteV2(kv.Mount, path.Value, payload.Json, checkAndSet));
        for (int look = 1; ; look++)
        {
            try
            {
                return KvReplies.ReadReceipt(request, await kv.SendAsync(request, cancellationToken).ConfigureAwait(false));
            }
            catch (VaultException exception) when (MayHaveWritten(exception, look))
            {
                if (await FindAsync(path, payload, checkAndSet, exception, cancellationToken).ConfigureAwait(false) is { } receipt)
                {
                    return receipt;
                }

                // Without check-and-set, writing again could make two versions of one write.
                if (checkAndSet is null || exception.Kind == FaultKind.CheckAndSetMismatch || look == MostLooks)
                {
                    throw;
                }
            }
        }
    }

    public async ValueTask DeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        await SendAsync(
            path, versions.Count == 0 ? KvRequests.DeleteV2(kv.Mount, path.Value) : KvRequests.VersionsV2(kv.Mount, "delete", path.Value, versions),
            cancellationToken).ConfigureAwait(false);

    public ValueTask UndeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        ActAsync("undelete", path, versions, cancellationToken);

    public ValueTask DestroyAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        ActAsync("destroy", path, versions, cancellationToken);

    /// <remarks>The server replaces custom metadata as a whole, so that what is there is read first. Where it counts versions of
    /// the metadata, a change that came in between is refused instead of undone.</remarks>
    public async ValueTask WriteMetadataAsync(SecretPath path, MetadataChange change, CancellationToken cancellationToken)
    {
        SecretMetadata? before = change.CustomMetadata is null && !kv.Server.IsOpenBao
            ? null
            : await ReadTakingAsync(path, change, cancellationToken).ConfigureAwait(false);
        int? expected = kv.Server.IsOpenBao ? before is null ? 0 : before.MetadataVersion : null;
        VaultRequest request = KvRequests.WriteMetadata(
            kv.Mount, path.Value, change.Over(before?.CustomMetadata), change.MaxVersions, change.CheckAndSetRequired, change.DeleteVersionAfter, expected);
        try
        {
            await SendAsync(path, request, cancellationToken).ConfigureAwait(false);
        }
        catch (VaultException exception) when (exception.Kind == FaultKind.CheckAndSetMismatch && exception.Attempts > 1)
        {
            // It may be the answer to our own change, whose first reply was lost.
            if (await store.ReadMetadataAsync(path, cancellationToken).ConfigureAwait(false) is not { } after || !change.IsIn(after))
            {
                throw;
            }
        }

        if (before is null && change.CustomMetadata is not null
            && await ReadTakingAsync(path, change, cancellationToken).ConfigureAwait(false) is null)
        {
            // Nothing was made of a change that the server did not understand.
            throw NoCustomMetadata(path);
        }
    }

    public async ValueTask RemoveAsync(SecretPath path, CancellationToken cancellationToken) =>
        await SendAsync(path, KvRequests.DeleteMetadata(kv.Mount, path.Value), cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => default;

    // A mismatch can be the answer to our own write, once an earlier try of it was lost.
    private static bool MayHaveWritten(VaultException exception, int look) =>
        exception.Kind == FaultKind.OutcomeUnknown
        || (exception.Kind == FaultKind.CheckAndSetMismatch && (exception.Attempts > 1 || look > 1));

    // Ours if it is the next version and the payload is equal. A standby may not have it yet: looked for a few times.
    private async ValueTask<WriteReceipt?> FindAsync(SecretPath path, SecretPayload payload, int? checkAndSet, VaultException cause, CancellationToken cancellationToken)
    {
        for (int look = 1; look <= MostLooks; look++)
        {
            SecretReading reading;
            try
            {
                reading = await store.ReadAsync(path, null, cancellationToken).ConfigureAwait(false);
            }
            catch (VaultException)
            {
                // What is not known stays unknown, and that is what the caller must hear.
                throw cause;
            }

            if (reading.CheckAndSet > (checkAndSet ?? 0) || checkAndSet is null)
            {
                bool equal = reading.Payload is { } found && payload.Compare(found, throughDouble: true).AreEqual;
                bool next = checkAndSet is null || reading.Version == checkAndSet + 1;
                if (equal && next)
                {
                    kv.Client.Reporter.Verbose($"{cause.Path}: the reply to the write was lost; reading it back shows that it took effect.");
                    return new(reading.Version, cause.RequestId) { DeletionTime = reading.DeletionTime };
                }

                return null;
            }

            if (cause.Kind == FaultKind.OutcomeUnknown)
            {
                // Not there: with check-and-set the same write can safely be sent again, whatever comes of the first.
                return null;
            }

            await Task.Delay(StandbyLag * look, kv.Client.Time, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    private async ValueTask ActAsync(string action, SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken)
    {
        if (versions.Count == 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, new StoreLocation(store, path).Uri, $"To {action} versions of '{new StoreLocation(store, path).Uri}', name them.");
        }

        await SendAsync(path, KvRequests.VersionsV2(kv.Mount, action, path.Value, versions), cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<VaultReply> SendAsync(SecretPath path, VaultRequest request, CancellationToken cancellationToken) =>
        kv.SendAsync(store.About(path, request), cancellationToken);

    private async ValueTask<SecretMetadata?> ReadTakingAsync(SecretPath path, MetadataChange change, CancellationToken cancellationToken)
    {
        SecretMetadata? metadata = await store.ReadMetadataAsync(path, cancellationToken).ConfigureAwait(false);
        return change.CustomMetadata is null || metadata?.TakesCustomMetadata is null or true ? metadata : throw NoCustomMetadata(path);
    }

    private BridgeException NoCustomMetadata(SecretPath path) => new(FaultKind.NotSupported, new StoreLocation(store, path).Uri,
        $"The server of '{new StoreLocation(store, path).Uri}' keeps no custom metadata, which Vault has since 1.9.");
}
