using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;

namespace SecretBridge.Credentials;

/// <summary>Removes credentials for good: all versions and the metadata.</summary>
public sealed class CredentialRemove
{
    private readonly int _throttleLimit;
    private readonly SecretRemove _remove;

    /// <summary>Prepares a removal.</summary>
    /// <param name="stores">Finds the stores that references mean.</param>
    /// <param name="throttleLimit">How many credentials may be under way.</param>
    /// <exception cref="BridgeException">The number cannot be right.</exception>
    public CredentialRemove(IStoreResolver stores, int throttleLimit)
    {
        _throttleLimit = throttleLimit;
        _remove = new(new() { Stores = stores, Kind = RemovalKind.AllVersions, ThrottleLimit = throttleLimit });
    }

    /// <summary>Removes, one row an item in their order. What could not be removed is a row with a fault; the others go on.</summary>
    public IAsyncEnumerable<CredentialChange> RunAsync(IAsyncEnumerable<CredentialItem> items, CancellationToken cancellationToken) =>
        BoundedPipe.SelectAsync(items, _throttleLimit, RemoveAsync, cancellationToken);

    private async Task<CredentialChange> RemoveAsync(CredentialItem item, CancellationToken cancellationToken)
    {
        CredentialPath path;
        try
        {
            path = CredentialPath.Of(item.Uri);
        }
        catch (BridgeException exception)
        {
            return CredentialChange.Failed(item.Uri, null, exception);
        }

        return CredentialChange.Of(await _remove.RemoveAsync(new(CredentialPath.Whole(item.Uri), item.PlanOnly), cancellationToken).ConfigureAwait(false), path);
    }
}
