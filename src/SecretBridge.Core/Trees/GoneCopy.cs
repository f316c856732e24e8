using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Treats a source without a value: deleted, destroyed, or with metadata only.</summary>
internal sealed class GoneCopy(CopyOptions options, CopyTarget target, MetadataCarrier metadata)
{
    internal Task<CopyOutcome> CopyAsync(CopyItem item, SecretReading reading, CancellationToken stop) => reading.State switch
    {
        SecretState.Deleted or SecretState.Destroyed => CopyGoneAsync(item, reading, stop),
        SecretState.MetadataOnly when options.IncludeMetadata => CopyMetadataAsync(item, stop),
        SecretState.MetadataOnly => Task.FromResult(item.Skipped("It has metadata only: no version was ever written.")),
        _ => Task.FromResult(item.Skipped(item.Version is { } version ? $"It has no version {version}." : "It vanished since it was listed.")),
    };

    /// <summary>What the policy makes of a source that is deleted, without looking further; null where it is to be preserved.</summary>
    internal CopyOutcome? Refused(CopyItem item, SecretState state)
    {
        string what = $"{(item.Version is { } version ? $"Version {version}" : "Its latest version")} is {state.ToString().ToLowerInvariant()}.";
        return options.DeletedVersion switch
        {
            DeletedVersionPolicy.Skip => item.Skipped(what),
            DeletedVersionPolicy.Fail => item.Failed(new(FaultKind.SecretDeleted, item.Row.Uri, $"'{item.Row.Uri}' was not copied: {char.ToLowerInvariant(what[0])}{what[1..]}")),
            _ when !target.KeepsVersions => item.Losing(CopyLoss.DeletedVersion).Skipped($"{what} The destination keeps no deleted versions."),
            _ => null,
        };
    }

    private async Task<CopyOutcome> CopyGoneAsync(CopyItem item, SecretReading reading, CancellationToken stop)
    {
        if (Refused(item, reading.State) is { } refused)
        {
            return refused;
        }

        SecretReading there = await target.MayExistAsync(item.Path).ConfigureAwait(false)
            ? await SettledRead.ReadAsync(target.Store, item.Path, null, stop).ConfigureAwait(false)
            : SecretReading.Absent;
        item = item with { Row = item.Row with { DestinationVersion = there.Version } };
        Ruling ruling = Rulings.Of(options.Conflict, Rulings.ChangedAt(reading), Rulings.ChangedAt(there));
        MetadataWish? wish = await metadata.WishAsync(item, null, stop).ConfigureAwait(false);
        bool isLeftover = there.State == SecretState.Live && Placeholder.Is(there.Payload);
        if (there.State == SecretState.Live && !isLeftover && ruling != Ruling.Replace)
        {
            return ruling == Ruling.Leave
                ? item.Skipped("The destination has a value, and the source none.")
                : item.Conflict("has a value, and the source none");
        }

        bool isNew = there.State is SecretState.Absent or SecretState.MetadataOnly;
        bool writes = isNew || (there.State == SecretState.Live && !isLeftover);
        MetadataPlan plan = await metadata.PlanAsync(item, wish, ruling, writes, stop).ConfigureAwait(false);
        if (plan.Differing.Count > 0 && ruling == Ruling.Refuse)
        {
            return item.Conflict("has other metadata", plan.Differing);
        }

        item = await metadata.WriteAsync(item, plan, stop).ConfigureAwait(false);
        if (writes)
        {
            item = await target.WriteGoneAsync(item, reading.State, there.CheckAndSet, stop).ConfigureAwait(false);
        }
        else if (isLeftover)
        {
            await target.EndAsync(item, there.CheckAndSet, reading.State, stop).ConfigureAwait(false);
        }

        int? version = item.Row.DestinationVersion;
        if (writes || isLeftover)
        {
            item = await target.VerifyAsync(item, readback => readback.GoneAsync(item, version, stop)).ConfigureAwait(false);
        }

        item = item with { Row = item.Row with { Planned = target.PlanOnly } };
        CopyAction action = isNew ? CopyAction.Created : writes || isLeftover || item.Row.MetadataChanged ? CopyAction.Updated : CopyAction.Unchanged;
        return item.Done(action, action == CopyAction.Unchanged ? null
            : $"It is {reading.State.ToString().ToLowerInvariant()} at the source, and so it is at the destination; the value is not carried.");
    }

    private async Task<CopyOutcome> CopyMetadataAsync(CopyItem item, CancellationToken stop)
    {
        if (!target.KeepsMetadata)
        {
            return item.Losing(CopyLoss.Metadata).Skipped("It has metadata only, and the destination keeps none.");
        }

        MetadataWish wish = (await metadata.WishAsync(item, null, stop).ConfigureAwait(false))!;
        SecretMetadata? there = await target.MayExistAsync(item.Path).ConfigureAwait(false)
            ? await target.Store.ReadMetadataAsync(item.Path, stop).ConfigureAwait(false)
            : null;
        Ruling ruling = Rulings.Of(options.Conflict, null, null);
        if (there?.CurrentVersion > 0 && ruling != Ruling.Replace)
        {
            item = item with { Row = item.Row with { DestinationVersion = there.CurrentVersion } };
            return ruling == Ruling.Leave
                ? item.Skipped("The destination has versions, and the source metadata only.")
                : item.Conflict("has versions, and the source metadata only");
        }

        MetadataPlan plan = metadata.Plan(item, wish, there, ruling, writesValue: there is null);
        if (plan.Differing.Count > 0 && ruling == Ruling.Refuse)
        {
            return item.Conflict("has other metadata", plan.Differing);
        }

        if (there is null)
        {
            // A server makes nothing of a change that says nothing, or nothing that it understands.
            MetadataChange change = plan.Change ?? new();
            plan = plan with { Change = change with { MaxVersions = change.MaxVersions ?? 0 } };
        }

        item = await metadata.WriteAsync(item, plan, stop).ConfigureAwait(false);
        item = item with { Row = item.Row with { Planned = target.PlanOnly } };
        return item.Done(there is null ? CopyAction.Created : item.Row.MetadataChanged ? CopyAction.Updated : CopyAction.Unchanged);
    }
}
