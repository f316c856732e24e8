namespace SecretBridge.Audit;

/// <summary>One line of a file.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Text">Its bytes without the line feed, until the next line is asked for; empty where it was too long.</param>
/// <param name="IsTooLong">Whether it was too long to be read.</param>
internal readonly record struct TextLine(long Number, ReadOnlyMemory<byte> Text, bool IsTooLong);
