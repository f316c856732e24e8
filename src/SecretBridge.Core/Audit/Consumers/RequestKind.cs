namespace SecretBridge.Audit.Consumers;

/// <summary>What a request does with secrets.</summary>
internal enum RequestKind
{
    /// <summary>Nothing that is counted, such as asking for help.</summary>
    None,

    /// <summary>Reads a value, or which keys it has.</summary>
    Read,

    /// <summary>Lists names.</summary>
    List,

    /// <summary>Reads metadata, and no value.</summary>
    Metadata,

    /// <summary>Writes, deletes, restores or destroys.</summary>
    Write,
}
