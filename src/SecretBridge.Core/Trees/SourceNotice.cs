using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// Looks at each store that secrets come from once, before the first of them is copied: says what one of both cannot hold,
/// refuses what can never be right, and carries the mount's settings where that was asked for.
/// </summary>
internal sealed class SourceNotice(CopyOptions options, CopyTarget target, CopyTally tally)
{
    private readonly HashSet<StoreIdentity> _seen = [];
    private bool _warned;

    /// <exception cref="BridgeException">The policy needs times that a side does not keep, or settings cannot be carried.</exception>
    internal async Task LookAsync(SourceStep step, CancellationToken cancellationToken)
    {
        if (step is not { Fault: null, Location.Store: { } store } || !_seen.Add(store.Identity))
        {
            return;
        }

        bool hasVersions = store.Capabilities.HasFlag(StoreCapabilities.Versions);
        if (options.Conflict == ConflictPolicy.NewerWins && !(hasVersions && target.KeepsVersions))
        {
            string without = hasVersions ? target.Store.Root.ToString() : store.Root.ToString();
            throw new BridgeException(FaultKind.NotSupported, without,
                $"'{without}' does not keep when a secret was written, so that which is newer cannot be told. Choose another conflict policy.");
        }

        if (!_warned && hasVersions != target.KeepsVersions && (hasVersions || options.Version.IsAll || options.IncludeMetadata))
        {
            _warned = true;
            tally.Warn(target.TakesNote
                ? $"'{target.Store.Root}' takes one version of each secret, the latest value: without {string.Join(", ", Lacks(target.Store.Capabilities))}."
                : hasVersions
                ? $"'{target.Store.Root}' keeps no versions: of each secret it holds the latest value, without {string.Join(", ", Lacks(target.Store.Capabilities))}."
                : $"'{store.Root}' keeps no versions: each secret arrives as one version, without history or metadata.");
        }

        if (options.IncludeMountConfig)
        {
            await CarrySettingsAsync(store, cancellationToken).ConfigureAwait(false);
        }
    }

    private static IEnumerable<string> Lacks(StoreCapabilities has) => new[]
    {
        (StoreCapabilities.Versions, "history and deletions"),
        (StoreCapabilities.Metadata, "metadata"),
        (StoreCapabilities.CheckAndSet, "check-and-set to guard its writes"),
        (StoreCapabilities.EmptyPayload, "secrets that have no keys"),
    }.Where(lack => !has.HasFlag(lack.Item1)).Select(lack => lack.Item2);

    private async Task CarrySettingsAsync(ISecretStore store, CancellationToken cancellationToken)
    {
        if (store.Find<IConfigurableStore>() is not { } source || target.Store.Find<IConfigurableStore>() is not { } destination)
        {
            tally.Warn($"'{(store.Find<IConfigurableStore>() is not null ? target.Store.Root : store.Root)}' has no settings of its mount to carry.");
            return;
        }

        MountSettings wanted = await source.ReadSettingsAsync(cancellationToken).ConfigureAwait(false);
        MountSettings there = await destination.ReadSettingsAsync(cancellationToken).ConfigureAwait(false);
        bool replaces = options.Conflict == ConflictPolicy.Overwrite;
        var differing = new List<string>();
        var change = new MountSettings
        {
            MaxVersions = Fill("max_versions", wanted.MaxVersions ?? 0, there.MaxVersions ?? 0, replaces, differing),
            DeleteVersionAfter = Fill("delete_version_after", wanted.DeleteVersionAfter ?? default, there.DeleteVersionAfter ?? default, replaces, differing),
            CheckAndSetRequired = wanted.CheckAndSetRequired == true && there.CheckAndSetRequired != true ? true : null,
        };
        if (differing.Count > 0)
        {
            tally.Warn($"'{target.Store.Root}' has other settings than '{store.Root}', which stayed: {string.Join(", ", differing)}.");
        }

        if (change != new MountSettings() && !target.PlanOnly)
        {
            await destination.WriteSettingsAsync(change, cancellationToken).ConfigureAwait(false);
        }
    }

    private static T? Fill<T>(string name, T wanted, T has, bool replaces, List<string> differing)
        where T : struct, IEquatable<T>
    {
        if (wanted.Equals(default) || wanted.Equals(has))
        {
            return null;
        }

        if (!has.Equals(default) && !replaces)
        {
            differing.Add(name);
            return null;
        }

        return wanted;
    }
}
