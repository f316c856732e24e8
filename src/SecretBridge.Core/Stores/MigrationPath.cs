namespace SecretBridge.Stores;

/// <summary>How what a secrets engine holds comes to another place.</summary>
public enum MigrationPath
{
    /// <summary>The engine's type is not known here.</summary>
    Unknown = 0,

    /// <summary>Its secrets are copied.</summary>
    Copy,

    /// <summary>The engine is mounted and configured anew: its secrets are made on demand, or cannot be read out.</summary>
    Recreate,

    /// <summary>It stays where it is: its keys are not to leave it.</summary>
    Keep,

    /// <summary>There is nothing to move: it belongs to the server or to one token.</summary>
    None,
}
