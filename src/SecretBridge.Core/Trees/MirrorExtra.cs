using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>A secret of a mirror's destination that the source lacks.</summary>
/// <param name="Source">The path below the source root that would lead to it.</param>
/// <param name="Path">Its path below the destination root.</param>
/// <param name="Current">Its latest version.</param>
/// <param name="Versions">The versions that were live when it was looked at.</param>
internal sealed record MirrorExtra(SecretPath Source, SecretPath Path, int Current, IReadOnlyList<int> Versions);
