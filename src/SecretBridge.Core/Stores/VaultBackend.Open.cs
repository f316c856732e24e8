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

    private StoreLocation LocationIn(MountInfo mount, SecretPath path) =>
        new(StoreIn(mount.Path, mount.Accessor, mount.KvVersion), path.RelativeTo(SecretPath.Parse(mount.Path)));

    private ISecretStore StoreIn(string mount, string? accessor, int? version)
    {
        var kv = new VaultKv(_client, _server, Name, mount, IdentityOf(mount, accessor), () => _mounts.Forget(mount));
        return version == 2 ? new KvV2Store(kv) : new KvV1Store(kv);
    }

    // A mount may be reached through the namespace header or with the namespace before it in the path: the whole path
    // names it once, so that an overlap is seen either way. A server without namespaces takes no notice of the header. Where the
    // cluster is not known, the mount's accessor is the same at each of its addresses, and that of no other mount.
    private StoreIdentity IdentityOf(string mount, string? accessor) =>
        new(ClusterId ?? accessor ?? Address, Namespace.Length == 0 || !_server.HasNamespaces ? mount : Namespace + "/" + mount) { Accessor = accessor };

    private BridgeException NoDefaultMount(SecretReference reference) =>
        new(FaultKind.InvalidReference, reference.ToString(), $"'{reference}' is a bare name and '{Name}' has no default mount. Write vault://{Name}@mount/{reference}, or connect with a default mount.");
}
