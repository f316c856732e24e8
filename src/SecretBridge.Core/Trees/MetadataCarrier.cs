using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Carries metadata: finds what is wanted, lays it over what the destination has, and writes only what is missing.</summary>
internal sealed class MetadataCarrier(CopyOptions options, CopyTarget target)
{
    private static readonly Dictionary<string, string> None = [];

    // A server that takes no custom metadata takes none for the next secret either.
    private volatile bool _refusesCustom;

    /// <summary>What is wanted for a secret; null where nothing was asked for.</summary>
    /// <param name="item">The secret.</param>
    /// <param name="known">Its metadata at the source, where it was read already.</param>
    /// <param name="stop">Ends the request.</param>
    /// <exception cref="BridgeException">It cannot be read; also where a store that keeps some has none (<see cref="FaultKind.UnexpectedAbsence"/>).</exception>
    internal async Task<MetadataWish?> WishAsync(CopyItem item, SecretMetadata? known, CancellationToken stop)
    {
        if (!options.WritesMetadata)
        {
            return null;
        }

        SecretMetadata? source = !options.IncludeMetadata ? null
            : known ?? await item.Source.ReadMetadataAsync(item.SourcePath, stop).ConfigureAwait(false);
        if (options.IncludeMetadata && source is null && item.Source.Capabilities.HasFlag(StoreCapabilities.Metadata))
        {
            throw Lacking(item);
        }

        return new()
        {
            Source = source ?? new() { CurrentVersion = 0 },
            // What a store takes with the value is not asked for a second time.
            Added = target.TakesNote ? None : options.Added,
            Origin = options.RecordSource && !target.TakesNote ? Provenance.Origin(options, item) : None,
        };
    }

    /// <summary>What is to be done. One read of the destination's metadata, unless it is known.</summary>
    /// <exception cref="BridgeException">The destination cannot hold it (<see cref="FaultKind.DestinationCannotHold"/>).</exception>
    internal async Task<MetadataPlan> PlanAsync(CopyItem item, MetadataWish? wish, Ruling ruling, bool writesValue, CancellationToken stop)
    {
        if (wish is null || wish.IsEmpty)
        {
            return MetadataPlan.Nothing;
        }

        return target.KeepsMetadata
            ? Plan(item, wish, await target.Store.ReadMetadataAsync(item.Path, stop).ConfigureAwait(false), ruling, writesValue)
            : new() { Loss = CopyLoss.Metadata };
    }

    /// <summary>As <see cref="PlanAsync"/>, with the destination's metadata known.</summary>
    internal MetadataPlan Plan(CopyItem item, MetadataWish? wish, SecretMetadata? before, Ruling ruling, bool writesValue)
    {
        if (wish is null)
        {
            return new() { Before = before };
        }

        if (!target.KeepsMetadata)
        {
            return new() { Loss = wish.IsEmpty ? null : CopyLoss.Metadata };
        }

        CopyLoss? loss = null;
        if (wish.HasCustom && (_refusesCustom || before is { TakesCustomMetadata: false }))
        {
            loss = CopyLoss.CustomMetadata;
            wish = wish with
            {
                Source = wish.Source with { CustomMetadata = new Dictionary<string, string>() },
                Added = new Dictionary<string, string>(),
                Origin = new Dictionary<string, string>(),
            };
        }

        (MetadataChange? change, IReadOnlyList<string> differing) = wish.Against(before, ruling == Ruling.Replace, writesValue);
        if (change?.Over(before?.CustomMetadata) is { } united && MetadataLimits.WhyNotHold(united) is { } flaw)
        {
            throw CopyTarget.CannotHold(item, flaw);
        }

        return new() { Before = before, Change = change, Differing = differing, Loss = loss };
    }

    /// <summary>Writes what was planned. What the server does not take is named in the row.</summary>
    internal async Task<CopyItem> WriteAsync(CopyItem item, MetadataPlan plan, CancellationToken stop)
    {
        target.ThrowIfOutdated(item);
        item = plan.Loss is { } loss ? item.Losing(loss) : item;
        if (plan.Change is not { } change)
        {
            return item;
        }

        try
        {
            await target.WriteMetadataAsync(item, change, stop).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind == FaultKind.NotSupported && change.CustomMetadata is not null)
        {
            _refusesCustom = true;
            item = item.Losing(CopyLoss.CustomMetadata);
            change = change with { CustomMetadata = null };
            if (change == new MetadataChange())
            {
                return item;
            }

            await target.WriteMetadataAsync(item, change, stop).ConfigureAwait(false);
        }

        item = item with { Row = item.Row with { MetadataChanged = true, Planned = target.PlanOnly } };
        return await target.VerifyAsync(item, readback => readback.MetadataAsync(item, change, stop)).ConfigureAwait(false);
    }

    internal static BridgeException Lacking(CopyItem item) => new(FaultKind.UnexpectedAbsence, item.Row.Uri,
        $"'{item.Row.Uri}' is there, but it has no metadata: it was removed in between, or the server that answered lags behind. It was not copied.");
}
