using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Backends;

/// <summary>The connections that one run of a cmdlet may use.</summary>
internal sealed class BackendUse(BackendRegistry registry, SealedStoreUse sealedStore)
{
    private readonly HashSet<VaultBackend> _given = [];

    /// <summary>The runspace's connections.</summary>
    internal BackendRegistry Registry => registry;

    /// <summary>The sealed file that builtin:// means.</summary>
    internal SealedStoreUse SealedStore => sealedStore;

    /// <summary>The connection that a parameter means; the current one where it was not given.</summary>
    /// <exception cref="BridgeException">There is none (<see cref="FaultKind.NotConnected"/>).</exception>
    internal VaultBackend Get(BackendArgument? argument)
    {
        VaultBackend backend = argument?.Connection ?? registry.Get(argument?.Name);
        _given.Add(backend);
        return backend;
    }

    /// <summary>Finds stores by the parameter's connection where a reference names none.</summary>
    internal IStoreResolver Stores(BackendArgument? argument) => registry.With(argument is null ? null : Get(argument), sealedStore.FindAsync);

    /// <summary>Sends what the connections say to a reporter until the result is disposed.</summary>
    internal IDisposable ReportTo(IReporter reporter) =>
        new Scopes(registry.Backends.Union(_given).Select(backend => backend.ReportTo(reporter)).ToArray());

    private sealed class Scopes(IDisposable[] scopes) : IDisposable
    {
        public void Dispose()
        {
            foreach (IDisposable scope in scopes)
            {
                scope.Dispose();
            }
        }
    }
}
