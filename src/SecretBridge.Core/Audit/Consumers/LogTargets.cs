using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Audit.Consumers;

/// <summary>
/// Finds out where the mounts of references end and which version they have: as given, else from the connection that a
/// reference means, else not at all, and then every reading of a path counts.
/// </summary>
internal static class LogTargets
{
    /// <exception cref="BridgeException">A reference is none, means no Vault, or its connection or mount is not there.</exception>
    internal static async Task<IReadOnlyList<LogTarget>> FindAsync(ConsumerQuery query, IReporter reporter, CancellationToken cancellationToken)
    {
        var targets = new List<LogTarget>(query.Targets);
        foreach (string uri in query.Uris)
        {
            var reference = SecretReference.Parse(uri);
            if (reference.Scheme is not (null or "vault"))
            {
                throw new BridgeException(FaultKind.NotSupported, uri, $"'{uri}' is in no Vault, whose audit log alone is understood.");
            }

            targets.Add(query.Mount is not null ? Told(query, reference) : await FindAsync(query, reference, reporter, cancellationToken).ConfigureAwait(false));
        }

        return targets;
    }

    private static LogTarget Told(ConsumerQuery query, SecretReference reference)
    {
        var mount = SecretPath.Parse(query.Mount!);
        return reference.Scheme is not null && !reference.Path.IsAtOrBelow(mount)
            ? throw new BridgeException(FaultKind.InvalidArgument, nameof(query.Mount), $"'{reference}' does not lie in the mount '{mount}'.")
            : new(reference.Backend, reference.Scheme is null ? mount.Append(reference.Path) : reference.Path, mount, query.KvVersion, query.Namespace);
    }

    private static async Task<LogTarget> FindAsync(ConsumerQuery query, SecretReference reference, IReporter reporter, CancellationToken cancellationToken)
    {
        try
        {
            if (query.Stores is not null)
            {
                StoreLocation location = await query.Stores.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
                return location.Store.Root.Scheme == "vault"
                    ? Of(location, query)
                    : throw new BridgeException(FaultKind.NotSupported, reference.ToString(), $"'{reference}' is in no Vault, whose audit log alone is understood.");
            }
        }
        catch (BridgeException exception) when (exception.Kind == FaultKind.NotConnected && reference is { Backend: null, Scheme: not null })
        {
            reporter.Verbose($"Nothing is connected: where the mount of '{reference}' ends, {(query.KvVersion is null ? "and its version, " : "")}is taken from the log's paths.");
        }

        return reference.Scheme is null
            ? throw new BridgeException(FaultKind.InvalidReference, reference.ToString(), $"'{reference}' names no mount. Write vault://mount/path, or give -Mount.")
            : new(reference.Backend, reference.Path, mount: null, query.KvVersion, query.Namespace);
    }

    /// <summary>The target of a place whose store is known.</summary>
    internal static LogTarget Of(StoreLocation location, ConsumerQuery query) => new(
        location.Store.Root.Backend,
        location.Store.Root.Path.Append(location.Path),
        location.Store.Root.Path,
        query.KvVersion ?? (!location.Store.Capabilities.HasFlag(StoreCapabilities.Versions) ? 1 : query.TakesEarlierVersion ? null : 2),
        query.Namespace ?? NamespaceOf(location.Store));

    // That of the connection: a store's identity has it before the mount where the server may know it. The root has a name too.
    private static string NamespaceOf(ISecretStore store)
    {
        string whole = store.Identity.Mount, mount = "/" + store.Root.Path.Value;
        bool isRoot = !whole.EndsWith(mount, StringComparison.Ordinal);
        return isRoot || whole[..^mount.Length] is "root" ? "" : whole[..^mount.Length];
    }
}
