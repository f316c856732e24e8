using SecretBridge.Stores;

namespace SecretBridge.Backends;

/// <summary>What -Backend takes where only ScaiVault is meant: a connection's name, or the connection itself, which may come from another runspace.</summary>
public sealed class ScaiVaultArgument
{
    /// <summary>The connection of that name in this runspace.</summary>
    public ScaiVaultArgument(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
    }

    /// <summary>The connection itself.</summary>
    public ScaiVaultArgument(ScaiVaultBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        Name = backend.Name;
        Connection = backend;
    }

    /// <summary>The connection's name.</summary>
    public string Name { get; }

    /// <summary>The connection, where it was given itself.</summary>
    public ScaiVaultBackend? Connection { get; }

    /// <summary>The connection's name.</summary>
    public override string ToString() => Name;
}
