using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Backends;

/// <summary>The connections of the runspace that this thread runs.</summary>
internal static class RunspaceBackends
{
    internal static IStoreResolver Stores(BackendArgument? backend) => new Unconnected(backend);

    private sealed class Unconnected(BackendArgument? backend) : IStoreResolver
    {
        public ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
            throw new BridgeException(FaultKind.NotConnected, $"{backend}", "Nothing is connected.");
    }
}
