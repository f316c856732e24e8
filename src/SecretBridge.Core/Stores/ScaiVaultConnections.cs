using System.Collections.Concurrent;
using SecretBridge.Reporting;

namespace SecretBridge.Stores;

/// <summary>The ScaiVault connections of one runspace by name, one of them the current one.</summary>
public sealed class ScaiVaultConnections
{
    private readonly ConcurrentDictionary<string, ScaiVaultBackend> _backends = new(StringComparer.OrdinalIgnoreCase);
    private volatile ScaiVaultBackend? _current;

    /// <summary>The connection that references without a backend mean; null before the first.</summary>
    public ScaiVaultBackend? Current => _current;

    /// <summary>All connections, by name.</summary>
    public IReadOnlyList<ScaiVaultBackend> All => _backends.Values.OrderBy(backend => backend.Name, StringComparer.OrdinalIgnoreCase).ToArray();

    /// <summary>The connection of a name; null where there is none.</summary>
    public ScaiVaultBackend? Find(string name) => _backends.GetValueOrDefault(name);

    /// <summary>Adds a connection and makes it the current one.</summary>
    /// <returns>The connection that had the name before, for the caller to disconnect; else null.</returns>
    public ScaiVaultBackend? Add(ScaiVaultBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ScaiVaultBackend? before = Find(backend.Name);
        _backends[backend.Name] = backend;
        _current = backend;
        return ReferenceEquals(before, backend) ? null : before;
    }

    /// <summary>Takes a connection out. Where it was the current one, none is.</summary>
    public void Remove(ScaiVaultBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);

        // Another connection may have the name by now.
        _backends.TryRemove(KeyValuePair.Create(backend.Name, backend));
        if (ReferenceEquals(_current, backend))
        {
            _current = null;
        }
    }

    /// <summary>The connection of a name, or the current one.</summary>
    /// <param name="name">The name; null for the current one.</param>
    /// <exception cref="BridgeException">There is none (<see cref="FaultKind.NotConnected"/>).</exception>
    public ScaiVaultBackend Get(string? name) =>
        name is null
            ? _current ?? throw new BridgeException(FaultKind.NotConnected, "Backend", "No ScaiVault is connected. Use Connect-ScaiVaultBackend first.")
            : Find(name) ?? throw new BridgeException(FaultKind.NotConnected, name, $"No ScaiVault backend '{name}' is connected. Use Connect-ScaiVaultBackend -Name {name} first.");
}
