namespace SecretBridge.Audit.Consumers;

/// <summary>One thing piped to the search: a line of a log, or a file of one.</summary>
/// <param name="Line">The line.</param>
/// <param name="File">The file or folder.</param>
public sealed record LogInput(string? Line, string? File);
