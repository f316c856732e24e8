namespace SecretBridge.References;

/// <summary>A reference in a text that is to be rewritten.</summary>
/// <param name="Start">Where what is replaced begins, in characters.</param>
/// <param name="Length">How much is replaced.</param>
/// <param name="Replacement">What stands there then.</param>
/// <param name="OldReference">The reference as it stood there.</param>
/// <param name="NewReference">The reference in its place.</param>
/// <param name="Note">What to know about it; null for nothing.</param>
internal sealed record FoundReference(int Start, int Length, string Replacement, string OldReference, string NewReference, string? Note);
