using SecretBridge.Stores;
using SecretBridge.Trees;

namespace SecretBridge.Inventory;

/// <summary>A secret that path and metadata do not rule out.</summary>
/// <param name="Step">Where it is.</param>
/// <param name="Row">What is known of it.</param>
/// <param name="Payload">Its content, or its keys alone; null where neither was wanted or there is none.</param>
internal sealed record Candidate(SourceStep Step, FoundSecret Row, SecretPayload? Payload);
