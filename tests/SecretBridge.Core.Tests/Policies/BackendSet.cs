using SecretBridge.Stores;

namespace SecretBridge.Tests.Policies;

/// <summary>Resolves references by the name of their connection.</summary>
internal sealed class BackendSet(params VaultBackend[] backends) : IStoreResolver
{
    public VaultBackend First => backends[0];

    public ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
        backends.First(backend => backend.Name == (reference.Backend ?? backends[0].Name)).OpenAsync(reference, cancellationToken);
}
