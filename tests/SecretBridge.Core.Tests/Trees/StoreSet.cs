using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Tests.Trees;

/// <summary>Resolves references to stores that a test made, by their first name.</summary>
internal sealed class StoreSet(params ISecretStore[] stores) : IStoreResolver
{
    public ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        ISecretStore? store = Array.Find(stores, candidate => reference.Path.IsAtOrBelow(candidate.Root.Path));
        return store is null
            ? throw new BridgeException(FaultKind.MountNotFound, reference.ToString(), $"No mount for '{reference}'.")
            : ValueTask.FromResult(new StoreLocation(store, reference.Path.RelativeTo(store.Root.Path)));
    }
}
