using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>One thing that a walk came upon below its root: a secret, or a folder or name with a fault.</summary>
/// <param name="Path">The path below the root; for a name that cannot be used, that of its folder.</param>
/// <param name="RelativePath">The same as text; that of a folder ends in a slash.</param>
/// <param name="Fault">Why it cannot be read further; null for a secret.</param>
internal readonly record struct WalkStep(SecretPath Path, string RelativePath, BridgeException? Fault)
{
    internal static WalkStep Secret(SecretPath path) => new(path, path.Value, null);

    internal static WalkStep Folder(SecretPath path, BridgeException fault) =>
        new(path, path.IsRoot ? "" : path.Value + "/", fault);
}
