using System.Runtime.CompilerServices;
using SecretBridge.References;
using SecretBridge.Stores;

namespace SecretBridge.Backends;

/// <summary>What references led to is kept beside the connections of a runspace, and goes with them.</summary>
internal static class RunspaceReferences
{
    private static readonly ConditionalWeakTable<BackendRegistry, ReferenceCache> Caches = [];

    /// <summary>The cache that goes with a runspace's connections.</summary>
    internal static ReferenceCache Of(BackendRegistry registry) => Caches.GetOrCreateValue(registry);
}
