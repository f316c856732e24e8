using SecretBridge.Reporting;

namespace SecretBridge.Pipeline;

/// <summary>References are literal; somebody who writes a wildcard into one is told where wildcards go.</summary>
internal static class LiteralUri
{
    internal static string? Hint(BridgeException fault) =>
        fault.Kind is FaultKind.SecretNotFound or FaultKind.InvalidReference or FaultKind.MountNotFound && fault.Target.AsSpan().IndexOfAny('*', '?') >= 0
            ? "A Uri is literal; the wildcard form is Get-VaultSubtree -Include."
            : null;
}
