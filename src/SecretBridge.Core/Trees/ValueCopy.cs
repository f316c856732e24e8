using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Brings one live value to one destination: a name that is not listed is written at once, a listed one is read before.</summary>
internal sealed class ValueCopy(CopyOptions options, CopyTarget target, MetadataCarrier metadata)
{
    internal async Task<CopyOutcome> CopyAsync(CopyItem item, SecretReading reading, CancellationToken stop)
    {
        SecretPayload payload = reading.Payload!;
        target.ThrowIfNotHeld(item, payload);
        MetadataWish? wish = await metadata.WishAsync(item, null, stop).ConfigureAwait(false);
        if (!await target.MayExistAsync(item.Path).ConfigureAwait(false))
        {
            try
            {
                return await FinishAsync(item, CopyAction.Created, payload, 0, Rulings.Of(options.Conflict, null, null), wish, stop).ConfigureAwait(false);
            }
            catch (BridgeException exception) when (exception.Kind == FaultKind.CheckAndSetMismatch)
            {
                // It was hidden from the listing, or somebody was faster: look at what is there.
            }
        }

        SecretReading there = await target.Store.ReadAsync(item.Path, null, stop).ConfigureAwait(false);
        item = item with { Row = item.Row with { DestinationVersion = there.Version } };
        Ruling ruling = Rulings.Of(options.Conflict, reading.CreatedTime, Rulings.ChangedAt(there));
        switch (there.State)
        {
            case SecretState.Absent or SecretState.MetadataOnly:
                return await FinishAsync(item, CopyAction.Created, payload, there.CheckAndSet, ruling, wish, stop).ConfigureAwait(false);
            case SecretState.Live when payload.Compare(there.Payload!, item.ThroughDouble).AreEqual:
                return await FinishAsync(item, CopyAction.Unchanged, null, there.CheckAndSet, ruling, wish, stop).ConfigureAwait(false);
            case SecretState.Live when target.KeepsVersions && Placeholder.Is(there.Payload):
                // A killed run of ours left it. Destroyed before the write, it cannot stay live below the new version.
                await target.EndAsync(item, there.CheckAndSet, SecretState.Destroyed, stop).ConfigureAwait(false);
                return await FinishAsync(item, CopyAction.Updated, payload, there.CheckAndSet, ruling, wish, stop).ConfigureAwait(false);
            case SecretState.Live when options.Conflict == ConflictPolicy.Merge:
                return await MergeAsync(item, payload, there, wish, stop).ConfigureAwait(false);
        }

        string what = there.State == SecretState.Live ? "has other content" : "was deleted there";
        return ruling switch
        {
            Ruling.Leave => item.Skipped(options.Conflict == ConflictPolicy.NewerWins ? "The destination is newer." : $"The destination {what}."),
            Ruling.Replace => await FinishAsync(item, CopyAction.Updated, payload, there.CheckAndSet, ruling, wish, stop).ConfigureAwait(false),
            _ when options.Conflict == ConflictPolicy.NewerWins => item.Conflict($"{what}, and which side is newer cannot be told"),
            _ => item.Conflict(what),
        };
    }

    // Keys that only the destination has stay: what is written is theirs with ours added.
    private async Task<CopyOutcome> MergeAsync(CopyItem item, SecretPayload payload, SecretReading there, MetadataWish? wish, CancellationToken stop)
    {
        PayloadComparison comparison = payload.Compare(there.Payload!, item.ThroughDouble);
        if (comparison.NullDiffers || comparison.ChangedKey.Count > 0)
        {
            return item.Conflict("has other values for the same keys", comparison.ChangedKey);
        }

        if (comparison.RemovedKey.Count == 0)
        {
            return await FinishAsync(item, CopyAction.Unchanged, null, there.CheckAndSet, Ruling.Refuse, wish, stop).ConfigureAwait(false);
        }

        if (!options.AllowPrecisionLoss && target.Store.Capabilities.HasFlag(StoreCapabilities.NumbersThroughDouble) && there.Payload!.HasIntegerPast53Bits())
        {
            throw new BridgeException(FaultKind.PrecisionLoss, item.Row.Destination!,
                $"'{item.Row.Destination}' holds a number past 2^53, which the server rounds when it is read; a merge would write back the rounded one.");
        }

        IReadOnlyDictionary<string, SealedValue> ours = payload.ToDictionary();
        SecretPayload united = there.Payload!.Merge(SecretPayload.FromValues(comparison.RemovedKey.Select(key => KeyValuePair.Create(key, ours[key]))));
        target.ThrowIfNotHeld(item, united);
        return await FinishAsync(item, CopyAction.Updated, united, there.CheckAndSet, Ruling.Refuse, wish, stop).ConfigureAwait(false);
    }

    // Metadata goes first, so that its refusal leaves nothing half done and the version gets the time to live that was carried.
    private async Task<CopyOutcome> FinishAsync(
        CopyItem item, CopyAction action, SecretPayload? write, int checkAndSet, Ruling ruling, MetadataWish? wish, CancellationToken stop)
    {
        MetadataPlan plan = await metadata.PlanAsync(item, wish, ruling, write is not null, stop).ConfigureAwait(false);
        if (target.CanCheckAndSet && plan.Before?.CurrentVersion > checkAndSet)
        {
            throw new BridgeException(FaultKind.CheckAndSetMismatch, item.Row.Destination!,
                $"'{item.Row.Destination}' was written in the meantime: it is at version {plan.Before.CurrentVersion}.");
        }

        if (plan.Differing.Count > 0 && ruling == Ruling.Refuse)
        {
            return item.Conflict("has other metadata", plan.Differing);
        }

        item = await metadata.WriteAsync(item, plan, stop).ConfigureAwait(false);
        if (write is not null)
        {
            item = await target.WriteAsync(item, write, checkAndSet, stop).ConfigureAwait(false);
            item = item with { Row = item.Row with { VersionsCopied = 1 } };
            int? version = item.Row.DestinationVersion;
            item = await target.VerifyAsync(item, readback => readback.ValueAsync(item, write, version, stop)).ConfigureAwait(false);
        }

        item = item with { Row = item.Row with { Planned = target.PlanOnly } };
        return item.Done(
            action == CopyAction.Unchanged && item.Row.MetadataChanged ? CopyAction.Updated : action,
            plan.Differing.Count > 0 ? $"Metadata at the destination stayed as it is: {string.Join(", ", plan.Differing)}." : null);
    }
}
