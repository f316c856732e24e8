using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>A KV version 1 mount: one value a path, no versions, no check-and-set; the last writer wins.</summary>
public sealed class KvV1Store : ISecretStore, IConnectedStore
{
    private readonly VaultKv _kv;

    internal KvV1Store(VaultKv kv) => _kv = kv;

    StoreConnection IConnectedStore.Connection => new(_kv.Client);

    ServerInfo IConnectedStore.Server => _kv.Server;

    /// <inheritdoc/>
    public SecretReference Root => _kv.Root;

    /// <inheritdoc/>
    public StoreIdentity Identity => _kv.Identity;

    /// <inheritdoc/>
    public StoreCapabilities Capabilities => StoreCapabilities.List | StoreCapabilities.Remove;

    /// <inheritdoc/>
    public async ValueTask<FolderListing> ListAsync(SecretPath folder, CancellationToken cancellationToken)
    {
        // Paging is of version 2 only, on OpenBao too: the server ignores it here.
        VaultRequest request = About(folder, KvRequests.ListV1(_kv.Mount, folder.Value));
        IReadOnlyList<string>? keys = KvReplies.ReadKeys(request, await _kv.SendAsync(request, cancellationToken).ConfigureAwait(false));
        return keys is null ? FolderListing.Absent : FolderListing.Of(keys);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SecretPath>?> TryScanAsync(SecretPath folder, CancellationToken cancellationToken) =>
        _kv.TryScanAsync(About(folder, KvRequests.ScanV1(_kv.Mount, folder.Value)), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<SecretReading> ReadAsync(SecretPath path, int? version, CancellationToken cancellationToken)
    {
        if (version is not null)
        {
            throw NotSupported(path, "keeps no versions");
        }

        VaultRequest request = About(path, KvRequests.ReadV1(_kv.Mount, path.Value));
        return KvReplies.ReadV1(request, await _kv.SendAsync(request, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public ValueTask<SecretMetadata?> ReadMetadataAsync(SecretPath path, CancellationToken cancellationToken) => default;

    /// <inheritdoc/>
    public string? WhyNotHold(SecretPath path, SecretPayload payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        return payload.IsEmpty ? "KV version 1 cannot hold a secret without any key" : _kv.WhyNotHold(path, payload);
    }

    /// <inheritdoc/>
    public ValueTask<IWriteSession> OpenWriteSessionAsync(CancellationToken cancellationToken) => new(new Session(this));

    private VaultRequest About(SecretPath path, VaultRequest request) => request with { Subject = new StoreLocation(this, path) };

    private BridgeException NotSupported(SecretPath path, string what) =>
        new(FaultKind.NotSupported, new StoreLocation(this, path).Uri, $"'{new StoreLocation(this, path).Uri}' is in a KV version 1 mount, which {what}.");

    private sealed class Session(KvV1Store store) : IWriteSession
    {
        public async ValueTask<WriteReceipt> WriteAsync(SecretPath path, SecretPayload payload, int? checkAndSet, CancellationToken cancellationToken)
        {
            if (checkAndSet is not null)
            {
                throw store.NotSupported(path, "has no check-and-set");
            }

            if (payload.IsEmpty)
            {
                throw new BridgeException(FaultKind.DestinationCannotHold, new StoreLocation(store, path).Uri,
                    $"'{new StoreLocation(store, path).Uri}' cannot be written: KV version 1 cannot hold a secret without any key.");
            }

            VaultReply reply = await store._kv.SendAsync(store.About(path, KvRequests.WriteV1(store._kv.Mount, path.Value, payload.Json)), cancellationToken).ConfigureAwait(false);
            return new(null, reply.RequestId);
        }

        public async ValueTask DeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken)
        {
            if (versions.Count > 0)
            {
                throw store.NotSupported(path, "keeps no versions");
            }

            await RemoveAsync(path, cancellationToken).ConfigureAwait(false);
        }

        public ValueTask UndeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
            throw store.NotSupported(path, "keeps no versions");

        public ValueTask DestroyAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
            throw store.NotSupported(path, "keeps no versions");

        public ValueTask WriteMetadataAsync(SecretPath path, MetadataChange change, CancellationToken cancellationToken) =>
            throw store.NotSupported(path, "keeps no metadata");

        public async ValueTask RemoveAsync(SecretPath path, CancellationToken cancellationToken) =>
            await store._kv.SendAsync(store.About(path, KvRequests.DeleteV1(store._kv.Mount, path.Value)), cancellationToken).ConfigureAwait(false);

        public ValueTask DisposeAsync() => default;
    }
}
