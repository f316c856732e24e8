namespace SecretBridge.Trees;

/// <summary>One secret that was copied and is to go from the source.</summary>
/// <param name="Uri">Its complete reference at the source.</param>
/// <param name="Root">The root of its tree.</param>
/// <param name="RelativePath">Its path below that root.</param>
/// <param name="Destination">Its complete reference at the destination.</param>
/// <param name="Version">The version that was copied; null where the source counts none.</param>
internal sealed record MovedSecret(string Uri, string Root, string RelativePath, string Destination, int? Version);
