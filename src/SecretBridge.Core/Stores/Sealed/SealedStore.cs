namespace SecretBridge.Stores.Sealed;

/// <summary>What is known of an open sealed file.</summary>
/// <param name="Path">The file, after its links were followed.</param>
/// <param name="Id">The file's id; copies of a file share it.</param>
/// <param name="Generation">How often the file was saved.</param>
/// <param name="Count">How many secrets it holds.</param>
/// <param name="KeyKind">What opens it.</param>
public sealed record SealedStore(string Path, string Id, long Generation, int Count, SealedKeyKind KeyKind);
