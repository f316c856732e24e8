using System.Management.Automation;
using System.Runtime.Loader;

namespace SecretBridge.Loading;

/// <summary>
/// Runs before PowerShell loads SecretBridge.Cmdlets, and answers for SecretBridge.Core alone. What Core needs is resolved
/// in a load context of its own, so that another module's Polly neither disturbs this one nor is disturbed.
/// </summary>
/// <remarks>
/// The handler stays for the life of the process. The default context never unloads SecretBridge.Cmdlets, and another
/// runspace may still use it after one has removed the module.
/// </remarks>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    private static int _registered;

    /// <inheritdoc/>
    public void OnImport()
    {
        if (Interlocked.Exchange(ref _registered, 1) == 0)
        {
            string folder = Path.Combine(Path.GetDirectoryName(typeof(ModuleInitializer).Assembly.Location)!, "deps");
            var dependencies = new DependencyLoadContext(folder);
            AssemblyLoadContext.Default.Resolving += (_, name) => dependencies.ResolveForOthers(name);
        }
    }
}
