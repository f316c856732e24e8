namespace SecretBridge.Stores.Snapshots;

/// <summary>Takes the secrets of a tree into a file, one after the other in UTF-8 byte order. Disposed before it is complete, it leaves no file.</summary>
internal interface ISnapshotSink : IDisposable
{
    /// <summary>Takes one.</summary>
    /// <returns>Whether the file has a place for it.</returns>
    bool Write(SnapshotSecret secret);

    /// <summary>Puts the whole file in its place.</summary>
    /// <returns>How long it is.</returns>
    long Complete(SnapshotFacts facts);
}
