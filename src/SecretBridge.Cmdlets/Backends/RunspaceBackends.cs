using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using SecretBridge.Stores;

namespace SecretBridge.Backends;

/// <summary>Connections belong to the runspace that made them. Another one gets them as objects, by -Backend.</summary>
internal static class RunspaceBackends
{
    private static readonly ConditionalWeakTable<Runspace, BackendRegistry> Registries = [];

    /// <summary>The connections of the runspace that this thread runs. Only a pipeline thread may ask.</summary>
    internal static BackendRegistry Current => Registries.GetOrCreateValue(Runspace.DefaultRunspace);
}
