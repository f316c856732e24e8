using System.Runtime.CompilerServices;
using SecretBridge.Federation;
using SecretBridge.Stores;

namespace SecretBridge.Backends;

/// <summary>What was made and changed through a connection is remembered beside it, and goes with it.</summary>
internal static class FederationKnown
{
    private static readonly ConditionalWeakTable<ScaiVaultBackend, FederationBackends> All = [];

    /// <summary>The federation backends of a connection.</summary>
    internal static FederationBackends Of(ScaiVaultBackend backend) => All.GetValue(backend, connection => new(connection));
}
