using System.Collections.Concurrent;
using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>
/// Which mount a path lies in. A mount is asked for once, by the preflight call that any right below it allows. No mount
/// lies inside another, so that a known mount answers for all below it.
/// </summary>
internal sealed class MountTable(VaultClient client, ConnectOptions options)
{
    private readonly ConcurrentDictionary<string, MountInfo> _known = new(StringComparer.Ordinal);

    /// <summary>Finds the mount of a path.</summary>
    /// <exception cref="BridgeException">There is none that the token may see, or it holds no key-value secrets.</exception>
    public async ValueTask<MountInfo> FindAsync(SecretPath path, CancellationToken cancellationToken)
    {
        for (SecretPath folder = path; !folder.IsRoot; folder = folder.Parent)
        {
            if (_known.TryGetValue(folder.Value, out MountInfo? known))
            {
                return known;
            }
        }

        return await FindAnewAsync(path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for the mount of a path, known or not.</summary>
    /// <exception cref="BridgeException">There is none that the token may see, or it holds no key-value secrets.</exception>
    public async ValueTask<MountInfo> FindAnewAsync(SecretPath path, CancellationToken cancellationToken)
    {
        MountInfo mount = await AskAsync(path, cancellationToken).ConfigureAwait(false);
        if (mount.KvVersion is null)
        {
            throw new BridgeException(FaultKind.NotKeyValueMount, ReferenceTo(path).ToString(), $"The mount '{mount.Path}' is of type '{mount.Type}' and holds no key-value secrets.");
        }

        return _known[mount.Path] = mount;
    }

    /// <summary>Forgets a mount, because the server says that it is of another version.</summary>
    public void Forget(string mount) => _known.TryRemove(mount, out _);

    private async ValueTask<MountInfo> AskAsync(SecretPath path, CancellationToken cancellationToken)
    {
        try
        {
            VaultReply reply = await client.SendAsync(SysRequests.Preflight(path.Value) with { Subject = ReferenceTo(path) }, cancellationToken).ConfigureAwait(false);
            JsonFields data = JsonFields.Of(reply.Data);
            if (reply.Status != 404 && data.Text("path") is { Length: > 0 } mount && path.IsAtOrBelow(SecretPath.Parse(mount)))
            {
                MountInfo found = MountInfo.Read(mount, data);
                return options.KvVersion is { } version && found.KvVersion is not null ? Override(found, version, path) : found;
            }

            // A server that does not know the call is older than version 2.
            return Assume(FirstOf(path), options.KvVersion ?? (reply.Status == 404 ? 1 : throw Unclear(path)));
        }
        catch (VaultException exception) when (options.KvVersion is { } version
            && exception.Kind is FaultKind.MountNotFound or FaultKind.PermissionDenied or FaultKind.NotSupported or FaultKind.RequestRefused or FaultKind.MalformedReply)
        {
            client.Reporter.Verbose($"{exception.Message} The KV version {version} that was given is used.");
            return Assume(FirstOf(path), version);
        }
        catch (VaultException exception) when (exception.Kind is FaultKind.MountNotFound or FaultKind.NotSupported)
        {
            throw new VaultException(FaultKind.MountNotFound, exception.Method, path.Value,
                $"No mount of '{path.Value}' that the token may see: {exception.Message} Check the mount's name and the namespace.", exception, exception.Target)
            {
                StatusCode = exception.StatusCode,
            };
        }
    }

    private SecretReference ReferenceTo(SecretPath path) => SecretReference.Create("vault", options.Name, path);

    private string FirstOf(SecretPath path) =>
        options.DefaultMount?.Trim('/') is { Length: > 0 } mount && path.IsAtOrBelow(SecretPath.Parse(mount)) ? mount : path.Segments[0];

    // A version 2 call on a version 1 mount would succeed and write a secret that nobody meant, at data/…
    private MountInfo Override(MountInfo told, int version, SecretPath path) =>
        version == 2 && told.KvVersion == 1
            ? throw new BridgeException(FaultKind.WrongKvVersion, ReferenceTo(path).ToString(), $"The mount '{told.Path}' is KV version 1, as the server tells; version 2 was given.")
            : Assume(told.Path, version) with { IsAssumed = false };

    private static MountInfo Assume(string mount, int version) => new()
    {
        Path = mount,
        Type = "kv",
        IsAssumed = true,
        Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["version"] = version == 2 ? "2" : "1" },
    };

    private BridgeException Unclear(SecretPath path) =>
        new(FaultKind.MalformedReply, ReferenceTo(path).ToString(), $"The server's answer does not tell the mount of '{path.Value}'. Give the KV version.");
}
