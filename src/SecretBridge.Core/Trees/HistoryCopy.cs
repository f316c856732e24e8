using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// Brings the whole history of one secret to one destination, oldest version first, each guarded by check-and-set. A
/// destination that has the beginning of it gets the rest.
/// </summary>
internal sealed class HistoryCopy(CopyOptions options, CopyTarget target, MetadataCarrier metadata, GoneCopy gone, VersionLimit limit)
{
    /// <param name="item">The secret.</param>
    /// <param name="source">Its metadata, with at least one version.</param>
    /// <param name="stop">Ends the requests.</param>
    internal async Task<CopyOutcome> CopyAsync(CopyItem item, SecretMetadata source, CancellationToken stop)
    {
        IReadOnlyList<PastVersion> kept = await PastVersion.ReadAllAsync(item.Source, item.SourcePath, source, stop).ConfigureAwait(false);
        PastVersion latest = kept.FirstOrDefault(version => version.Number == source.CurrentVersion)
            ?? new(source.CurrentVersion, SecretState.Destroyed, null);
        item = item with { Row = item.Row with { SourceVersion = source.CurrentVersion } };
        if (latest.State is SecretState.Deleted or SecretState.Destroyed && gone.Refused(item, latest.State) is { } refused)
        {
            return refused;
        }

        foreach (PastVersion version in kept.Where(version => version.IsLive))
        {
            target.ThrowIfNotHeld(item, version.Payload!);
        }

        IReadOnlyList<PastVersion> wanted = Wanted(kept, source.CurrentVersion);
        MetadataWish? wish = await metadata.WishAsync(item, source, stop).ConfigureAwait(false);
        bool mayExist = await target.MayExistAsync(item.Path).ConfigureAwait(false);
        try
        {
            return await BringAsync(item, source, kept, wanted, wish, mayExist, stop).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind == FaultKind.CheckAndSetMismatch && !mayExist)
        {
            // It was hidden from the listing, or somebody was faster: look at what is there.
            return await BringAsync(item, source, kept, wanted, wish, mayExist: true, stop).ConfigureAwait(false);
        }
    }

    private IReadOnlyList<PastVersion> Wanted(IReadOnlyList<PastVersion> kept, int current)
    {
        if (options.KeepVersionNumber)
        {
            var byNumber = kept.ToDictionary(version => version.Number);
            return [.. Enumerable.Range(1, current).Select(number => byNumber.GetValueOrDefault(number) ?? new(number, SecretState.Absent, null))];
        }

        return options.DeletedVersion == DeletedVersionPolicy.Preserve ? kept : [.. kept.Where(version => version.IsLive)];
    }

    private async Task<CopyOutcome> BringAsync(
        CopyItem item, SecretMetadata source, IReadOnlyList<PastVersion> kept, IReadOnlyList<PastVersion> wanted, MetadataWish? wish, bool mayExist, CancellationToken stop)
    {
        SecretMetadata? before = mayExist || wish is not null
            ? await target.Store.ReadMetadataAsync(item.Path, stop).ConfigureAwait(false)
            : null;
        int current = before?.CurrentVersion ?? 0;
        IReadOnlyList<PastVersion> there = current == 0 ? []
            : await PastVersion.ReadAllAsync(target.Store, item.Path, before!, stop).ConfigureAwait(false);
        Ruling ruling = Rulings.Of(options.Conflict, ChangedAt(source, kept), before is null ? null : ChangedAt(before, there));
        MetadataPlan plan = metadata.Plan(item, wish, before, ruling, writesValue: current < wanted.Count);
        int? most = await limit.OfAsync(plan.Change?.MaxVersions ?? before?.MaxVersions ?? 0).ConfigureAwait(false);

        // What was written on top of another history stands above it; else only what the source forgot may be there before.
        bool stacks = options.Conflict is ConflictPolicy.Overwrite or ConflictPolicy.NewerWins;
        int forgotten = stacks ? current : kept.Count == 0 ? 0 : kept[0].Number - 1;
        HistoryPlan? history = options.KeepVersionNumber
            ? HistoryPlan.Numbered(wanted, there, current, ruling == Ruling.Replace, most ?? int.MaxValue, item.ThroughDouble)
            : (HistoryPlan.Renumbered(wanted, there, current, forgotten, ruling == Ruling.Replace, most ?? int.MaxValue, item.ThroughDouble)
                ?? (ruling == Ruling.Replace || there.All(version => version.IsPlaceholder) ? new(wanted, []) : null))?.Ending(there);
        item = item with { Row = item.Row with { DestinationVersion = current == 0 ? null : current } };
        if (history is null)
        {
            return Differs(item, ruling);
        }

        if (plan.Differing.Count > 0 && ruling == Ruling.Refuse)
        {
            return item.Conflict("has other metadata", plan.Differing);
        }

        item = await metadata.WriteAsync(item, plan, stop).ConfigureAwait(false);
        var replay = new HistoryReplay(options, target, item, most, leavesOut: wanted.Count < kept.Count);
        CopyOutcome outcome = await replay.RunAsync(history, current, source.CurrentVersion, stop).ConfigureAwait(false);
        return kept.Where(version => version.IsLive)
            .Aggregate(outcome, (told, version) => PrecisionNote.On(told, item, target.Store, version.Payload!));
    }

    private CopyOutcome Differs(CopyItem item, Ruling ruling) => ruling switch
    {
        Ruling.Leave => item.Skipped(options.Conflict == ConflictPolicy.NewerWins ? "The destination is newer." : "The destination has another history."),
        Ruling.Replace => item.Conflict("has another history, over which version numbers cannot be kept; remove it, or copy without -KeepVersionNumber"),
        _ => item.Conflict("has another history, of which the source's is no continuation"),
    };

    private static DateTimeOffset? ChangedAt(SecretMetadata metadata, IReadOnlyList<PastVersion> versions) =>
        metadata.Versions.FirstOrDefault(version => version.Number == metadata.CurrentVersion) is { } latest
            ? Rulings.ChangedAt(new()
            {
                State = versions.FirstOrDefault(version => version.Number == latest.Number)?.State ?? SecretState.Absent,
                CreatedTime = latest.CreatedTime,
                DeletionTime = latest.DeletionTime,
            })
            : null;
}
