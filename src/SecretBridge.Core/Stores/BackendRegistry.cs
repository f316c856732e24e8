using System.Collections.Concurrent;
using SecretBridge.Reporting;

namespace SecretBridge.Stores;

/// <summary>
/// The connections of one runspace by name, one of them the current one. A reference finds its connection here.
/// </summary>
public sealed class BackendRegistry : IStoreResolver
{
    private readonly ConcurrentDictionary<string, VaultBackend> _backends = new(StringComparer.OrdinalIgnoreCase);
    private volatile VaultBackend? _current;

    /// <summary>The connection that references without a backend mean; null before the first.</summary>
    public VaultBackend? Current => _current;

    /// <summary>All connections, by name.</summary>
    public IReadOnlyList<VaultBackend> Backends => _backends.Values.OrderBy(backend => backend.Name, StringComparer.OrdinalIgnoreCase).ToArray();

    /// <summary>Adds a connection and makes it the current one.</summary>
    /// <returns>The connection that had the name before, for the caller to disconnect; else null.</returns>
    public VaultBackend? Add(VaultBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        VaultBackend? before = _backends.GetValueOrDefault(backend.Name);
        _backends[backend.Name] = backend;
        _current = backend;
        return ReferenceEquals(before, backend) ? null : before;
    }

    /// <summary>Makes a connection the current one.</summary>
    /// <exception cref="BridgeException">No connection has that name (<see cref="FaultKind.NotConnected"/>).</exception>
    public VaultBackend Select(string name) => _current = Get(name);

    /// <summary>Takes a connection out. Where it was the current one, none is.</summary>
    /// <returns>The connection, for the caller to disconnect; null where there is none of that name.</returns>
    public VaultBackend? Remove(string name)
    {
        if (!_backends.TryRemove(name, out VaultBackend? backend))
        {
            return null;
        }

        if (ReferenceEquals(_current, backend))
        {
            // Another connection must not silently take its place: references would mean another server.
            _current = null;
        }

        return backend;
    }

    /// <summary>The connection of a name, or the current one.</summary>
    /// <param name="name">The name; null for the current one.</param>
    /// <exception cref="BridgeException">There is none (<see cref="FaultKind.NotConnected"/>).</exception>
    public VaultBackend Get(string? name) =>
        name is null
            ? _current ?? throw new BridgeException(FaultKind.NotConnected, "Backend", "No backend is connected. Use Connect-VaultBackend first.")
            : _backends.GetValueOrDefault(name) ?? throw new BridgeException(FaultKind.NotConnected, name, $"No backend '{name}' is connected. Use Connect-VaultBackend -Name {name} first.");

    /// <summary>
    /// A resolver that takes a connection for the current one, and finds it by its name even where it was made in another runspace.
    /// </summary>
    public IStoreResolver With(VaultBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return new Resolver(this, backend);
    }

    /// <inheritdoc/>
    public ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
        Resolve(reference, Get, cancellationToken);

    private static ValueTask<StoreLocation> Resolve(SecretReference reference, Func<string?, VaultBackend> get, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return reference.Scheme is null or "vault"
            ? get(reference.Backend).OpenAsync(reference, cancellationToken)
            : throw new BridgeException(FaultKind.NotSupported, reference.ToString(), $"'{reference}': {reference.Scheme}:// stores are not supported by this version.");
    }

    private sealed class Resolver(BackendRegistry registry, VaultBackend current) : IStoreResolver
    {
        public ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
            Resolve(reference, name => name is null || string.Equals(name, current.Name, StringComparison.OrdinalIgnoreCase) ? current : registry.Get(name), cancellationToken);
    }
}
