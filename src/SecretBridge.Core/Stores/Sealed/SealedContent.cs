namespace SecretBridge.Stores.Sealed;

/// <summary>What one generation of a file holds.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Head">Its first three lines: no two generations have the same.</param>
/// <param name="Parts">Its data key.</param>
/// <param name="Entries">Its entries by their paths.</param>
internal sealed record SealedContent(SealedFileHeader Header, ReadOnlyMemory<byte> Head, SealedParts Parts, IReadOnlyDictionary<string, SealedEntry> Entries);
