namespace SecretBridge.Trees;

/// <summary>What two sides have at one path.</summary>
/// <param name="Reference">The reference side's name; null where it has none.</param>
/// <param name="Difference">The difference side's name; null where it has none.</param>
/// <param name="Hidden">Whether the side that seems to lack it could not list the folder.</param>
internal sealed record NamePair(SideName? Reference, SideName? Difference, bool Hidden);
