using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>How many versions the destination keeps of a secret. The mount is asked once.</summary>
internal sealed class VersionLimit(ISecretStore store, IReporter reporter, CancellationToken cancellationToken)
{
    private const int Default = 10;

    private readonly Lazy<Task<int?>> _mount = new(() => AskAsync(store, reporter, cancellationToken));

    /// <summary>The larger of the mount's and the secret's own limit; null where the token may not read the mount's.</summary>
    internal async Task<int?> OfAsync(int ownLimit)
    {
        int? mount = await _mount.Value.ConfigureAwait(false);
        return mount is null ? null : Math.Max(mount.Value, ownLimit) is > 0 and var most ? most : Default;
    }

    private static async Task<int?> AskAsync(ISecretStore store, IReporter reporter, CancellationToken cancellationToken)
    {
        if (store is not IConfigurableStore configurable)
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
