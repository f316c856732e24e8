namespace SecretBridge.Backends;

/// <summary>What -Backend takes: a connection's name, or the connection itself.</summary>
public sealed class BackendArgument
{
    /// <summary>The connection of that name in this runspace.</summary>
    public BackendArgument(string name) => Name = name;

    /// <summary>The connection's name.</summary>
    public string Name { get; }

    /// <summary>The connection's name.</summary>
    public override string ToString() => Name;
}
