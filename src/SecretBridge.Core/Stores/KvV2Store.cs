using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>A KV version 2 mount: versions, check-and-set, metadata.</summary>
public sealed class KvV2Store : ISecretStore, IConnectedStore, IConfigurableStore
{
    /// <summary>How many names one page holds. A folder of fewer is one request.</summary>
    internal const int PageSize = 10_000;

    private readonly VaultKv _kv;
    private volatile string? _limit;
    private volatile bool _lacksSubkeys;

    internal KvV2Store(VaultKv kv)
    {
        _kv = kv;
        _limit = kv.Server.Product == "Vault" ? null : PageSize.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    StoreConnection IConnectedStore.Connection => new(_kv.Client);

    ServerInfo IConnectedStore.Server => _kv.Server;

    /// <inheritdoc/>
    public SecretReference Root => _kv.Root;

    /// <inheritdoc/>
    public StoreIdentity Identity => _kv.Identity;

    /// <inheritdoc/>
    public StoreCapabilities Capabilities =>
        StoreCapabilities.List | StoreCapabilities.CheckAndSet | StoreCapabilities.Versions | StoreCapabilities.Metadata
        | StoreCapabilities.NumbersThroughDouble | StoreCapabilities.EmptyPayload | StoreCapabilities.Remove;

    /// <inheritdoc/>
    /// <remarks>
    /// OpenBao cuts a list at a policy's limit without a word unless a page is asked for, so that a list is always asked for
    /// by pages there. Vault does not know pages and sends all.
    /// </remarks>
    public async ValueTask<FolderListing> ListAsync(SecretPath folder, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        string? after = null;
        while (true)
        {
            (IReadOnlyList<string>? page, string? limit) = await ListPageAsync(folder, after, cancellationToken).ConfigureAwait(false);
            if (page is null or [])
            {
                return after is null && page is null ? FolderListing.Absent : FolderListing.Of(names);
            }

            // A server that knows no pages sends everything again.
            if (after is not null && Utf8Order.Instance.Compare(page[0], after) <= 0)
            {
                return FolderListing.Of(names);
            }

            names.AddRange(page);
            // A policy may take names out of a page after it was cut, so that a short page need not be the last. A very short
            // one is taken for the last all the same, or each small folder would cost a second request.
            if (limit is null || (limit != "max" && page.Count < PageSize / 10))
            {
                return FolderListing.Of(names);
            }

            after = page[^1];
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SecretPath>?> TryScanAsync(SecretPath folder, CancellationToken cancellationToken) =>
        _kv.TryScanAsync(About(folder, KvRequests.ScanV2(_kv.Mount, folder.Value)), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<SecretReading> ReadAsync(SecretPath path, int? version, CancellationToken cancellationToken)
    {
        VaultRequest request = About(path, KvRequests.ReadV2(_kv.Mount, path.Value, version));
        return KvReplies.ReadV2(request, await _kv.SendAsync(request, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    /// <remarks>OpenBao knows it, and Vault since 1.10. It needs rights of its own on <c>subkeys/</c>, which an older server wants too; without them nothing else is tried.</remarks>
    public async ValueTask<SecretReading?> TryReadShapeAsync(SecretPath path, int? version, CancellationToken cancellationToken)
    {
        if (_lacksSubkeys)
        {
            return null;
        }

        VaultRequest request = About(path, KvRequests.ReadSubkeys(_kv.Mount, path.Value, version));
        try
        {
            // Not by way of VaultKv: an older server calls the path wrong, which says nothing of the mount's version.
            return KvReplies.ReadSubkeys(request, await _kv.Client.SendAsync(request, cancellationToken).ConfigureAwait(false));
        }
        catch (VaultException exception) when (exception.Kind is FaultKind.WrongKvVersion or FaultKind.NotSupported)
        {
            _lacksSubkeys = true;
            return null;
        }
        catch (VaultException exception) when (exception.Kind == FaultKind.PermissionDenied)
        {
            // Whoever asks for keys may have a token that is to see no more: a value is never read in their place.
            throw new VaultException(exception.Kind, request,
                $"{exception.Message} Keys without values have a path of their own, which a policy must allow, also on a Vault before 1.10 that then says it has none: '{request.Path}'. No value was read in their place.", exception)
            {
                StatusCode = exception.StatusCode,
                RequestId = exception.RequestId,
            };
        }
    }

    /// <inheritdoc/>
    public async ValueTask<SecretMetadata?> ReadMetadataAsync(SecretPath path, CancellationToken cancellationToken)
    {
        VaultRequest request = About(path, KvRequests.ReadMetadata(_kv.Mount, path.Value));
        return KvReplies.ReadMetadata(request, await _kv.SendAsync(request, cancellationToken).ConfigureAwait(false), _kv.Client.Time.GetUtcNow());
    }

    /// <inheritdoc/>
    public async ValueTask<MountSettings> ReadSettingsAsync(CancellationToken cancellationToken) =>
        KvReplies.ReadSettings(await _kv.SendAsync(About(SecretPath.Root, KvRequests.ReadConfig(_kv.Mount)), cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async ValueTask WriteSettingsAsync(MountSettings change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        VaultRequest request = About(SecretPath.Root, KvRequests.WriteConfig(_kv.Mount, change.MaxVersions, change.CheckAndSetRequired, change.DeleteVersionAfter));
        await _kv.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public string? WhyNotHold(SecretPath path, SecretPayload payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        return _kv.WhyNotHold(path, payload);
    }

    /// <inheritdoc/>
    public ValueTask<IWriteSession> OpenWriteSessionAsync(CancellationToken cancellationToken) => new(new KvV2WriteSession(this, _kv));

    /// <summary>A request that is about a secret or folder of this mount, as its failures tell.</summary>
    internal VaultRequest About(SecretPath path, VaultRequest request) => request with { Subject = new StoreLocation(this, path) };

    private async ValueTask<(IReadOnlyList<string>? Page, string? Limit)> ListPageAsync(SecretPath folder, string? after, CancellationToken cancellationToken)
    {
        string? limit = _limit;
        VaultRequest request = About(folder, KvRequests.ListV2(_kv.Mount, folder.Value, limit, after));
        try
        {
            return (KvReplies.ReadKeys(request, await _kv.SendAsync(request, cancellationToken).ConfigureAwait(false)), limit);
        }
        catch (VaultException exception) when (exception.Kind == FaultKind.PermissionDenied && limit is not (null or "max") && _kv.Server.IsOpenBao)
        {
            // A policy that limits pages refuses one larger than its limit; "max" asks for just that.
            request = About(folder, KvRequests.ListV2(_kv.Mount, folder.Value, "max", after));
            IReadOnlyList<string>? page = KvReplies.ReadKeys(request, await _kv.SendAsync(request, cancellationToken).ConfigureAwait(false));
            _limit = "max";
            return (page, "max");
        }
    }
}
