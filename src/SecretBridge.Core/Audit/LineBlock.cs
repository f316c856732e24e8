namespace SecretBridge.Audit;

/// <summary>Whole lines of a file, one after the other.</summary>
/// <param name="Number">The number of the first, from 1.</param>
/// <param name="Text">
/// Their bytes with their line feeds, until the next block is asked for. Only the file's last line may have none; empty where
/// the line was too long.
/// </param>
/// <param name="Bytes">How many bytes they take in the file.</param>
/// <param name="IsTooLong">Whether this is one line that was too long to be read.</param>
internal readonly record struct LineBlock(long Number, ReadOnlyMemory<byte> Text, long Bytes, bool IsTooLong)
{
    /// <summary>How many line feeds it has.</summary>
    internal long Lines => IsTooLong ? 1 : Text.Span.Count((byte)'\n');

    /// <summary>Whether the last line ends in a line feed: one that does not may still be written.</summary>
    internal bool IsWhole => IsTooLong || Text.Span[^1] == '\n';
}
