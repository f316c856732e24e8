using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// Looks whether all of a secret arrived that its move was to carry beside the latest value: its history, its metadata. What is
/// judged is what both servers say now, not what the copy remembers. Losses that were consented to are left out.
/// </summary>
internal sealed class CarriedProof(MoveOptions options)
{
    private const StoreCapabilities History = StoreCapabilities.Versions | StoreCapabilities.Metadata;
    private const string OriginPrefix = "secretbridge.";

    private bool Carries => options.Copy.Version.IsAll;

    private bool EndsVersions => options.Extent != RemovalExtent.Delete;

    /// <summary>What did not arrive, as a sentence; null where all did.</summary>
    internal async Task<string?> WhyNotAsync(StoreLocation source, StoreLocation copy, CancellationToken cancellationToken)
    {
        bool counts = source.Store.Capabilities.HasFlag(History);
        if (!source.Store.Capabilities.HasFlag(StoreCapabilities.Metadata) || !(options.Copy.IncludeMetadata || (counts && (Carries || EndsVersions))))
        {
            return null;
        }

        SecretMetadata? from = await source.Store.ReadMetadataAsync(source.Path, cancellationToken).ConfigureAwait(false);
        if (from is null)
        {
            return "It is gone from the source.";
        }

        if (counts && EndsVersions && Unrestorable(from) is { } lost)
        {
            return lost;
        }

        SecretMetadata? to = copy.Store.Capabilities.HasFlag(StoreCapabilities.Metadata)
            ? await copy.Store.ReadMetadataAsync(copy.Path, cancellationToken).ConfigureAwait(false)
            : null;
        return (options.Copy.IncludeMetadata ? MissingMetadata(from, to) : null)
            ?? (counts && Carries && from.CurrentVersion > 0 ? await MissingVersionAsync(source, from, copy, to, cancellationToken).ConfigureAwait(false) : null);
    }

    // Versions that would be ended for good although nothing of them was carried. Soft-deleted ones can be restored.
    private string? Unrestorable(SecretMetadata from)
    {
        if (!Carries && options.Blocks(CopyLoss.History) && from.Versions.Count(version => version.Number != from.CurrentVersion && !version.Destroyed) is > 0 and var earlier)
        {
            return FormattableString.Invariant($"{earlier} earlier versions would end for good, and only the latest was copied: -Version All carries them, -AllowLoss History lets them go.");
        }

        DateTimeOffset now = from.Now;
        return Carries && options.Blocks(CopyLoss.DeletedValue) && from.Versions.Any(version => version.StateAt(now) == SecretState.Deleted)
            ? "The values of its deleted versions, which cannot be carried, would end for good: -AllowLoss DeletedValue lets them go."
            : null;
    }

    private string? MissingMetadata(SecretMetadata from, SecretMetadata? to)
    {
        if (!options.Blocks(CopyLoss.Metadata))
        {
            return null;
        }

        SecretMetadata has = to ?? new() { CurrentVersion = 0 };
        var missing = new List<string>();
        if (options.Blocks(CopyLoss.CustomMetadata))
        {
            IReadOnlyDictionary<string, string> added = options.Copy.Added;
            missing.AddRange(from.CustomMetadata
                .Where(pair => !added.ContainsKey(pair.Key) && !(options.Copy.RecordSource && pair.Key.StartsWith(OriginPrefix, StringComparison.Ordinal)))
                .Where(pair => has.CustomMetadata.GetValueOrDefault(pair.Key) != pair.Value)
                .Select(pair => "custom_metadata." + pair.Key)
                .Order(Utf8Order.Instance));
        }

        missing.AddRange(from.CheckAndSetRequired && !has.CheckAndSetRequired ? ["cas_required"] : []);
        missing.AddRange(from.DeleteVersionAfter != TimeSpan.Zero && from.DeleteVersionAfter != has.DeleteVersionAfter ? ["delete_version_after"] : []);
        missing.AddRange(from.MaxVersions != 0 && from.MaxVersions != has.MaxVersions ? ["max_versions"] : []);
        return missing.Count == 0 ? null : $"The copy lacks metadata, or has other: {string.Join(", ", missing)}.";
    }

    private async Task<string?> MissingVersionAsync(
        StoreLocation source, SecretMetadata from, StoreLocation copy, SecretMetadata? to, CancellationToken cancellationToken)
    {
        if (to is null)
        {
            return from.Versions.Count > 1 && options.Blocks(CopyLoss.History) ? "The destination keeps no versions." : null;
        }

        bool throughDouble = (source.Store.Capabilities | copy.Store.Capabilities).HasFlag(StoreCapabilities.NumbersThroughDouble);
        PastVersion[] wanted = [.. (await PastVersion.ReadAllAsync(source.Store, source.Path, from, cancellationToken).ConfigureAwait(false)).Where(Counts)];
        PastVersion[] there = [.. (await PastVersion.ReadAllAsync(copy.Store, copy.Path, to, cancellationToken).ConfigureAwait(false)).Where(Counts)];
        bool byNumber = options.Blocks(CopyLoss.VersionNumber);
        for (int back = 1; back <= wanted.Length; back++)
        {
            PastVersion version = wanted[^back];
            PastVersion? has = byNumber ? Array.Find(there, kept => kept.Number == version.Number) : back <= there.Length ? there[^back] : null;

            // What the destination no longer keeps is older than all that it keeps.
            bool isForgotten = has is null && there.Length > 0 && (!byNumber || version.Number < there[0].Number) && !options.Blocks(CopyLoss.History);
            bool isSame = has is not null && (version.IsLive ? has.IsLive && has.SameValue(version, throughDouble) : has.State == version.State);
            if (!isSame && !isForgotten)
            {
                return FormattableString.Invariant($"The copy does not have version {version.Number} as it is at the source ({version.State.ToString().ToLowerInvariant()}).");
            }
        }

        return null;
    }

    private bool Counts(PastVersion version) => version.IsLive || options.Blocks(CopyLoss.DeletedVersion);
}
