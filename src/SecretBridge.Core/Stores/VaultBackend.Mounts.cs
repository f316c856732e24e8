using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

public sealed partial class VaultBackend
{
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

    /// <summary>
    /// Asks for the mount that a name or path lies in; null where there is none that the token may see. The server answers whoever has any
    /// right below it, and knows mounts of child namespaces, which no listing has.
    /// </summary>
    internal async Task<VaultMount?> FindMountAsync(string path, CancellationToken cancellationToken)
    {
        ThrowIfDisconnected();
        SecretPath wanted = SecretPath.Parse(path.Trim('/'));
        try
        {
            JsonFields data = JsonFields.Of((await _client.SendAsync(SysRequests.Preflight(wanted.Value), cancellationToken).ConfigureAwait(false)).Data);
            return data.Text("path") is { Length: > 0 } mount && !mount.StartsWith("auth/", StringComparison.Ordinal) && data.Text("type") is { Length: > 0 } && wanted.IsAtOrBelow(SecretPath.Parse(mount))
                ? Shown(MountInfo.Read(mount, data))
                : null;
        }
        catch (VaultException exception) when (exception.Kind is FaultKind.MountNotFound or FaultKind.PermissionDenied or FaultKind.NotSupported)
        {
            _reporter.Verbose(exception.Message);
            return null;
        }
    }

    /// <summary>The store of a KV mount that the server has just told of, without asking again.</summary>
    internal ISecretStore StoreOf(VaultMount mount)
    {
        ThrowIfDisconnected();
        return StoreIn(mount.Mount, mount.Accessor, mount.KvVersion);
    }

    private VaultMount Shown(MountInfo mount) => new()
    {
        Uri = SecretReference.Create("vault", Name, SecretPath.Parse(mount.Path)).ToString(),
        Mount = mount.Path,
        Type = mount.Type,
        KvVersion = mount.KvVersion,
        Description = mount.Description,
        Accessor = mount.Accessor,
        Options = mount.Options,
        Config = mount.Config,
        IsLocal = mount.IsLocal,
        HasSealWrap = mount.HasSealWrap,
        PluginVersion = mount.PluginVersion,
    };
}
