using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Copies one secret after another to one destination: finds where it goes, reads it, and hands it to what treats its kind.</summary>
internal sealed class SecretCopier
{
    private readonly CopyOptions _options;
    private readonly PathMap _map;
    private readonly CopyTarget _target;
    private readonly ValueCopy _values;
    private readonly GoneCopy _gone;
    private readonly HistoryCopy _histories;
    private readonly CopyJournal? _journal;
    private readonly Dictionary<SecretPath, string> _claims = [];

    internal SecretCopier(CopyOptions options, PathMap map, CopyTarget target, VersionLimit limit, CopyJournal? journal)
    {
        _journal = journal;
        _options = options;
        _map = map;
        _target = target;
        var metadata = new MetadataCarrier(options, target);
        _values = new(options, target, metadata);
        _gone = new(options, target, metadata);
        _histories = new(options, target, metadata, _gone, limit);
    }

    /// <summary>Whether several sources may meet at one destination, so that destinations are remembered.</summary>
    internal bool RemembersDestinations { get; set; }

    /// <summary>
    /// Marks a step that must not be copied: its destination is another's, or it lies inside the destination. Called for one
    /// step after the other, so that the first of two always wins.
    /// </summary>
    internal SourceStep Claim(SourceStep step)
    {
        try
        {
            if (step is { Fault: null, IsTwin: false } && Lead(step) is { } target)
            {
                Claim(step, target);
            }

            return step;
        }
        catch (BridgeException exception)
        {
            return step with { Fault = exception };
        }
    }

    internal async Task<CopyOutcome> CopyAsync(SourceStep step, CancellationToken stop)
    {
        var row = new CopyResult { Uri = step.Uri, Root = step.Root, RelativePath = step.RelativePath, Action = CopyAction.Failed };
        if (step.Fault is not null)
        {
            return CopyOutcome.Failed(row, step.Fault);
        }

        if (step.IsTwin)
        {
            return CopyOutcome.Skipped(row, "It has the name of the folder whose contents were copied, and is none of them.");
        }

        try
        {
            if (Lead(step) is not { } target)
            {
                return CopyOutcome.Skipped(row, "No rule of the map matches it.");
            }

            row = row with { Destination = _target.Location.UriOf(target) };
            if (_journal?.Find(row) is { } before)
            {
                return before;
            }

            return await CopyItemAsync(
                new()
                {
                    Step = step,
                    Path = _target.Location.Path.Append(target),
                    Row = row,
                    Version = step.Version ?? _options.Version.Number,
                    ThroughDouble = (step.Location!.Store.Capabilities | _target.Store.Capabilities).HasFlag(StoreCapabilities.NumbersThroughDouble),
                },
                stop).ConfigureAwait(false);
        }
        catch (BridgeException exception)
        {
            return CopyOutcome.Failed(row, exception);
        }
    }

    private SecretPath? Lead(SourceStep step) =>
        _options.Planned is { } planned ? planned.TargetOf(step.Uri, _target.Location) : _map.Apply(step.Relative);

    // Two sources must not meet at one destination: the second would silently replace the first.
    private void Claim(SourceStep step, SecretPath target)
    {
        if (step.Location!.Store.Identity.IsOne(_target.Store.Identity) && step.Location.Path.IsAtOrBelow(_target.Location.Path))
        {
            throw new BridgeException(FaultKind.Overlap, step.Uri, $"'{step.Uri}' lies inside the destination '{_target.Location.Uri}'.");
        }

        if (RemembersDestinations && !_claims.TryAdd(target, step.Uri) && _claims[target] is var first && first != step.Uri)
        {
            throw new BridgeException(FaultKind.MapCollision, step.Uri,
                $"'{step.Uri}' and '{first}' both lead to '{_target.Location.UriOf(target)}'; the second was not copied.");
        }
    }

    private async Task<CopyOutcome> CopyItemAsync(CopyItem item, CancellationToken stop)
    {
        const StoreCapabilities History = StoreCapabilities.Versions | StoreCapabilities.Metadata;
        if (_options.Version.IsAll && item.Version is null && (item.Source.Capabilities & History) == History)
        {
            SecretMetadata? metadata = await item.Source.ReadMetadataAsync(item.SourcePath, stop).ConfigureAwait(false);
            if (metadata is null && (await item.Source.ReadAsync(item.SourcePath, null, stop).ConfigureAwait(false)).State != SecretState.Absent)
            {
                throw MetadataCarrier.Lacking(item);
            }

            if (metadata is { CurrentVersion: > 0 } && _target.KeepsVersions)
            {
                return await _histories.CopyAsync(item, metadata, stop).ConfigureAwait(false);
            }

            item = metadata?.Versions.Count > 1 ? item.Losing(CopyLoss.History) : item;
        }

        return await CopyOneAsync(item, stop).ConfigureAwait(false);
    }

    private async Task<CopyOutcome> CopyOneAsync(CopyItem item, CancellationToken stop)
    {
        SecretReading reading = await SettledRead.ReadAsync(item.Source, item.SourcePath, item.Version, stop).ConfigureAwait(false);
        item = item with { Row = item.Row with { SourceVersion = reading.Version }, Due = reading.DeletionTime };
        if (reading.State == SecretState.Absent && !item.Step.IsListed)
        {
            throw new BridgeException(FaultKind.SecretNotFound, item.Row.Uri, $"There is no secret at '{item.Row.Uri}', or the token may not know of it.");
        }

        if (reading is not { State: SecretState.Live, Payload: { } payload })
        {
            return await _gone.CopyAsync(item, reading, stop).ConfigureAwait(false);
        }

        CopyOutcome outcome = await _values.CopyAsync(item, reading, stop).ConfigureAwait(false);
        return PrecisionNote.On(outcome, item, _target.Store, payload);
    }
}
