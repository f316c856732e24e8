namespace SecretBridge.References;

/// <summary>A file to rewrite.</summary>
/// <param name="File">Its path.</param>
/// <param name="PlanOnly">Whether only to say what would be rewritten.</param>
public sealed record UpdateItem(string File, bool PlanOnly = false);
