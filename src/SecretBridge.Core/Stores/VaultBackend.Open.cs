using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

public sealed partial class VaultBackend
{
    /// <summary>Finds the store and the path in it that a reference means on this connection.</summary>
    /// <param name="reference">A <c>vault://</c> reference, whose backend is not looked at, or a bare name in the default mount.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="BridgeException">There is no such mount that the token may see, or it holds no key-value secrets.</exception>
    public async ValueTask<StoreLocation> OpenAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        SecretPath path = PathOf(reference);
        return LocationIn(await _mounts.FindAsync(path, cancellationToken).ConfigureAwait(false), path);
    }

    /// <summary>As <see cref="OpenAsync"/>, but asks the server even of a mount that is known, and gives what it told.</summary>
    internal async ValueTask<(StoreLocation Location, MountInfo Mount)> OpenAnewAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        SecretPath path = PathOf(reference);
        MountInfo mount = await _mounts.FindAnewAsync(path, cancellationToken).ConfigureAwait(false);
        return (LocationIn(mount, path), mount);
    }

    /// <summary>
    /// The secrets engines that the token may see, by name. A token without rights on <c>sys/mounts</c> sees those that it
    /// has any right below.
    /// </summary>
    public async Task<IReadOnlyList<VaultMount>> ListMountsAsync(CancellationToken cancellationToken)
    {
        ThrowIfDisconnected();
        JsonFields mounts;
        try
        {
            mounts = JsonFields.Of((await _client.SendAsync(SysRequests.Mounts(), cancellationToken).ConfigureAwait(false)).Data);
        }
        catch (VaultException exception) when (exception.Kind is FaultKind.PermissionDenied or FaultKind.NotSupported)
        {
            mounts = JsonFields.Of((await _client.SendAsync(SysRequests.VisibleMounts(), cancellationToken).ConfigureAwait(false)).Data).Object("secret");
        }

        return mounts.Names
            .Select(name => MountInfo.Read(name, mounts.Object(name)))
            .Where(mount => mount.Type.Length > 0)
            .OrderBy(mount => mount.Path, Utf8Order.Instance)
            .Select(Shown)
            .ToArray();
    }

    /// <summary>
    /// A mount with its configuration, where it is of KV version 2 and the token may read that; else the mount as it is. One
    /// request a mount.
    /// </summary>
    public async Task<VaultMount> WithConfigAsync(VaultMount mount, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mount);
        ThrowIfDisconnected();
        if (mount.KvVersion != 2)
        {
            return mount;
        }

        try
        {
            MountSettings settings = KvReplies.ReadSettings(await _client.SendAsync(KvRequests.ReadConfig(mount.Mount), cancellationToken).ConfigureAwait(false));
            return mount with
            {
                MaxVersions = settings.MaxVersions,
                CheckAndSetRequired = settings.CheckAndSetRequired,
                DeleteVersionAfter = settings.DeleteVersionAfter,
            };
        }
        catch (VaultException exception) when (exception.Kind == FaultKind.PermissionDenied)
        {
            _reporter.Verbose(exception.Message);
            return mount;
        }
    }

    private SecretPath PathOf(SecretReference reference)
    {
        ThrowIfDisconnected();
        return reference.Scheme switch
        {
            "vault" => reference.Path,
            null => SecretPath.Parse(DefaultMount?.Trim('/') ?? throw NoDefaultMount(reference)).Append(reference.Path),
            _ => throw new BridgeException(FaultKind.NotSupported, reference.ToString(), $"'{reference}' is not a Vault reference."),
        };
    }

    private StoreLocation LocationIn(MountInfo mount, SecretPath path)
    {
        var kv = new VaultKv(_client, _server, Name, mount.Path, IdentityOf(mount), () => _mounts.Forget(mount.Path));
        return new(mount.KvVersion == 2 ? new KvV2Store(kv) : new KvV1Store(kv), path.RelativeTo(SecretPath.Parse(mount.Path)));
    }

    // A mount may be reached through the namespace header or with the namespace before it in the path: the whole path
    // names it once, so that an overlap is seen either way. Where the cluster is not known, the mount's accessor is the same
    // at each of its addresses, and that of no other mount.
    private StoreIdentity IdentityOf(MountInfo mount) =>
        new(ClusterId ?? mount.Accessor ?? Address, "", Namespace.Length == 0 ? mount.Path : Namespace + "/" + mount.Path);

    private VaultMount Shown(MountInfo mount) => new()
    {
        Uri = SecretReference.Create("vault", Name, SecretPath.Parse(mount.Path)).ToString(),
        Mount = mount.Path,
        Type = mount.Type,
        KvVersion = mount.KvVersion,
        Description = mount.Description,
        Accessor = mount.Accessor,
        Options = mount.Options,
    };

    private BridgeException NoDefaultMount(SecretReference reference) =>
        new(FaultKind.InvalidReference, reference.ToString(), $"'{reference}' is a bare name and '{Name}' has no default mount. Write vault://{Name}@mount/{reference}, or connect with a default mount.");
}
