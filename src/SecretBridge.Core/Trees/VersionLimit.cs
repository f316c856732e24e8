using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>How many versions the destination keeps of a secret. The mount is asked once.</summary>
internal sealed class VersionLimit(ISecretStore store, IReporter reporter, CancellationToken cancellationToken)
{
    private const int Default = 10;

    private readonly object _gate = new();
    private Task<int?>? _mount;

    /// <summary>The larger of the mount's and the secret's own limit; null where the token may not read the mount's.</summary>
    internal async Task<int?> OfAsync(int ownLimit)
    {
        int? mount = await MountAsync().ConfigureAwait(false);
        return mount is null ? null : Math.Max(mount.Value, ownLimit) is > 0 and var most ? most : Default;
    }

    // An answer is kept, a failure is not: it would fail every secret after it.
    private Task<int?> MountAsync()
    {
        lock (_gate)
        {
            return _mount = _mount is null or { IsFaulted: true } ? AskAsync() : _mount;
        }
    }

    private async Task<int?> AskAsync()
    {
        // The caller holds a lock.
        await Task.Yield();
        if (store.Find<IConfigurableStore>() is not { } configurable)
        {
            return int.MaxValue;
        }

        try
        {
            return (await configurable.ReadSettingsAsync(cancellationToken).ConfigureAwait(false)).MaxVersions ?? 0;
        }
        catch (BridgeException exception) when (exception.Kind == FaultKind.PermissionDenied)
        {
            reporter.Verbose($"How many versions the destination keeps is not known: {exception.Message}");
            return null;
        }
    }
}
