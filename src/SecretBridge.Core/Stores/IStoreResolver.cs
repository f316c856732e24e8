namespace SecretBridge.Stores;

/// <summary>Finds the store that a reference means.</summary>
public interface IStoreResolver
{
    /// <summary>Finds the store and the path in it.</summary>
    /// <exception cref="Reporting.BridgeException">No such backend (<see cref="Reporting.FaultKind.NotConnected"/>), or no such
    /// mount that the token may see (<see cref="Reporting.FaultKind.MountNotFound"/>).</exception>
    ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken);
}
