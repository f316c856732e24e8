namespace SecretBridge.Stores.Snapshots;

/// <summary>Finds an open snapshot for <c>snapshot://</c>, and other stores as another resolver does.</summary>
/// <param name="snapshot">The snapshot.</param>
/// <param name="others">Finds the others.</param>
public sealed class SnapshotResolver(ISecretStore snapshot, IStoreResolver others) : IStoreResolver
{
    /// <inheritdoc/>
    public ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return reference.Scheme == "snapshot" ? new(new StoreLocation(snapshot, reference.Path)) : others.ResolveAsync(reference, cancellationToken);
    }
}
