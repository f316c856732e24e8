using SecretBridge.Stores;

namespace SecretBridge.Audit;

/// <summary>Finds stores that tell what is done with them, so that no operation can forget to.</summary>
internal sealed class AuditedResolver(IStoreResolver inner, AuditScope scope) : IStoreResolver
{
    public async ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        StoreLocation location = await inner.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        return location with { Store = new AuditedStore(location.Store, scope) };
    }
}
