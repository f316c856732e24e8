using SecretBridge.Reporting;
using SecretBridge.Stores.Snapshots;

namespace SecretBridge.Trees;

/// <summary>What became of one step of a walk that makes a snapshot.</summary>
/// <param name="Step">The step.</param>
/// <param name="Secret">The secret; null where it vanished or could not be read.</param>
/// <param name="Fault">Why it could not be read; null where it could.</param>
internal sealed record CapturedStep(SourceStep Step, SnapshotSecret? Secret, BridgeException? Fault);
