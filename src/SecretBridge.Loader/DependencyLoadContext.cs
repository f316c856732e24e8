using System.Reflection;
using System.Runtime.Loader;

namespace SecretBridge.Loading;

/// <summary>Holds SecretBridge.Core and its dependencies, all read from one folder.</summary>
internal sealed class DependencyLoadContext(string folder) : AssemblyLoadContext("SecretBridge")
{
    private const string Entrance = "SecretBridge.Core";

    /// <summary>Answers the default context: Core comes from here, anything else is not ours to give.</summary>
    internal Assembly? ResolveForOthers(AssemblyName name) =>
        string.Equals(name.Name, Entrance, StringComparison.OrdinalIgnoreCase) ? LoadFromAssemblyName(name) : null;

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string file = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }
}
