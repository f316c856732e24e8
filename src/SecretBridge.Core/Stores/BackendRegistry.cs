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

    /// <summary>The connections to ScaiVault, which <c>scaivault://</c> references mean. Their names are a list of their own.</summary>
    public ScaiVaultConnections ScaiVault { get; } = new();

    /// <summary>The open sealed file, which <c>builtin://</c> references mean; null where none is open.</summary>
    public ISecretStore? Builtin { get; set; }

    /// <summary>
    /// The scheme that bare names mean, as configuration says: <c>vault</c> or <c>builtin</c>. Null is <c>vault</c> where the
    /// current connection has a default mount, else <c>builtin</c>.
    /// </summary>
    public string? DefaultScheme { get; set; }

    /// <summary>Where the events of this runspace go; null where nobody said.</summary>
    internal IAuditSink? Audit { get; set; }

    /// <summary>The names of the environment variables that opened a store of this runspace: no command that it runs gets them.</summary>
    internal ISet<string> KeyVariables { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

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
            DefaultScheme = null;
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
        return new Resolver(this, backend, null, OpenedAsync);
    }

    /// <inheritdoc/>
    public ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
        ResolveAsync(reference, _current, Get, ScaiVault.Get, OpenedAsync, cancellationToken);

    /// <summary>A resolver that opens the sealed file when a reference first means it.</summary>
    /// <param name="backend">The connection that is taken for the current one; null for the registry's.</param>
    /// <param name="scaiVault">The same for ScaiVault.</param>
    /// <param name="builtin">Finds the sealed file for a reference.</param>
    internal IStoreResolver With(VaultBackend? backend, ScaiVaultBackend? scaiVault, Func<SecretReference, CancellationToken, ValueTask<ISecretStore>> builtin) =>
        new Resolver(this, backend, scaiVault, builtin);

    /// <summary>The failure of a reference whose sealed file is not open.</summary>
    internal static BridgeException Locked(SecretReference reference) => new(FaultKind.SealedStoreLocked, reference.ToString(),
        reference.Scheme is null
            ? $"'{reference}' is a bare name, which means the sealed file, and that is not open. Use Connect-SealedStore first, connect to a backend with -DefaultMount, or write {InVault(reference)}."
            : $"'{reference}' is in the sealed file, which is not open. Use Connect-SealedStore first; where nobody can be asked, with -PassphraseEnv or -KeyFile.");

    // A name with a slash was likely meant as it stands, with its mount first.
    private static string InVault(SecretReference reference) =>
        $"{reference}".Contains('/', StringComparison.Ordinal) ? $"vault://{reference}" : $"vault://mount/{reference}";

    private async ValueTask<StoreLocation> ResolveAsync(
        SecretReference reference,
        VaultBackend? current,
        Func<string?, VaultBackend> get,
        Func<string?, ScaiVaultBackend> getScaiVault,
        Func<SecretReference, CancellationToken, ValueTask<ISecretStore>> builtin,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return (reference.Scheme ?? DefaultScheme ?? (current?.DefaultMount is null ? "builtin" : "vault")) switch
        {
            "vault" => await get(reference.Backend).OpenAsync(reference, cancellationToken).ConfigureAwait(false),
            "builtin" => new StoreLocation(await builtin(reference, cancellationToken).ConfigureAwait(false), reference.Path),
            "scaivault" => getScaiVault(reference.Backend).Open(reference),
            "snapshot" => throw new BridgeException(FaultKind.SealedStoreLocked, reference.ToString(),
                $"'{reference}' is in a snapshot, and no file of one is open here. Import-SecretSnapshot reads one; so do Compare-SecretTree, Measure-VaultSubtree and Find-VaultSecret with -SnapshotPath."),
            string scheme => throw new BridgeException(FaultKind.NotSupported, reference.ToString(), $"'{reference}': {scheme}:// stores are not supported by this version."),
        };
    }

    private ValueTask<ISecretStore> OpenedAsync(SecretReference reference, CancellationToken cancellationToken) => new(Builtin ?? throw Locked(reference));

    private sealed class Resolver(
        BackendRegistry registry, VaultBackend? current, ScaiVaultBackend? scaiVault, Func<SecretReference, CancellationToken, ValueTask<ISecretStore>> builtin) : IStoreResolver
    {
        public ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
            registry.ResolveAsync(reference, current ?? registry._current, Find, FindScaiVault, builtin, cancellationToken);

        private VaultBackend Find(string? name) =>
            current is not null && IsNamed(name, current.Name) ? current : registry.Get(name);

        private ScaiVaultBackend FindScaiVault(string? name) =>
            scaiVault is not null && IsNamed(name, scaiVault.Name) ? scaiVault : registry.ScaiVault.Get(name);

        private static bool IsNamed(string? name, string backend) => name is null || string.Equals(name, backend, StringComparison.OrdinalIgnoreCase);
    }
}
