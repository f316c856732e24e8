using SecretBridge.Stores;

namespace SecretBridge.Backends;

/// <summary>What -Backend takes: a connection's name, or the connection itself, which may come from another runspace.</summary>
public sealed class BackendArgument
{
    /// <summary>The connection of that name in this runspace.</summary>
    public BackendArgument(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
    }

    /// <summary>The connection itself.</summary>
    public BackendArgument(VaultBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        Name = backend.Name;
        Connection = backend;
    }

    /// <summary>A connection to ScaiVault, for <c>scaivault://</c> references.</summary>
    public BackendArgument(ScaiVaultBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        Name = backend.Name;
        ScaiVault = backend;
    }

    /// <summary>The connection's name.</summary>
    public string Name { get; }

    /// <summary>The connection, where it was given itself.</summary>
    public VaultBackend? Connection { get; }

    /// <summary>The connection to ScaiVault, where it was given itself.</summary>
    public ScaiVaultBackend? ScaiVault { get; }

    /// <summary>The connection's name.</summary>
    public override string ToString() => Name;
}
