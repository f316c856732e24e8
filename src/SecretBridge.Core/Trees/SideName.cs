using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>A name on one side of a comparison.</summary>
/// <param name="Compared">The path by which it is compared, as text; that of a folder with a fault ends in a slash.</param>
/// <param name="Path">The path below the root of its side.</param>
/// <param name="RelativePath">The same as text.</param>
/// <param name="Fault">Why it cannot be read further; null for a secret.</param>
internal sealed record SideName(string Compared, SecretPath Path, string RelativePath, BridgeException? Fault)
{
    /// <summary>Whether a map has no rule for it.</summary>
    public bool Unmapped { get; init; }

    /// <summary>Whether another name lies in the folder that this fault hides.</summary>
    internal bool Hides(SideName other) => other.Compared.StartsWith(Compared, StringComparison.Ordinal);
}
