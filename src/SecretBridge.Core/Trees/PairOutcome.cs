namespace SecretBridge.Trees;

/// <summary>A row of a comparison and what is counted beside it.</summary>
/// <param name="Row">The row.</param>
/// <param name="NumberPrecision">Whether only the rule of nearest doubles made it equal.</param>
internal sealed record PairOutcome(TreeDifference Row, bool NumberPrecision);
