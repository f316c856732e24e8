using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>A store that is read through a connection with a login.</summary>
internal interface IConnectedStore
{
    /// <summary>The connection.</summary>
    StoreConnection Connection { get; }

    /// <summary>What the server says of itself.</summary>
    ServerInfo Server { get; }
}
