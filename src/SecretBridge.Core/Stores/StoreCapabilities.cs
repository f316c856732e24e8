namespace SecretBridge.Stores;

/// <summary>What a store can do.</summary>
[Flags]
public enum StoreCapabilities
{
    /// <summary>Read and write by path.</summary>
    None = 0,

    /// <summary>Lists folders.</summary>
    List = 1,

    /// <summary>Writes only when the current version is the expected one.</summary>
    CheckAndSet = 2,

    /// <summary>Keeps earlier versions, and deletes so that a version can be restored.</summary>
    Versions = 4,

    /// <summary>Keeps metadata beside each secret.</summary>
    Metadata = 8,

    /// <summary>Passes numbers through a double when it reads: digits past the 53rd bit are lost.</summary>
    NumbersThroughDouble = 16,

    /// <summary>Holds a secret without any key.</summary>
    EmptyPayload = 32,

    /// <summary>Takes tags, a description and a number of versions with each write, which it does not give back.</summary>
    WriteNote = 64,

    /// <summary>Removes secrets.</summary>
    Remove = 128,
}
