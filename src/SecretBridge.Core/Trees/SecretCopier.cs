using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Copies one secret after another to one destination: read, map, check the destination, write, verify.</summary>
internal sealed class SecretCopier(
    CopyOptions options, PathMap map, StoreLocation destination, IWriteSession? session, CancellationToken cancellationToken)
{
    // A standby that serves reads may lag behind the write for a moment.
    private static readonly TimeSpan VerifyPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan VerifyPause = TimeSpan.FromMilliseconds(100);

    private readonly DestinationFolders _folders = new(destination.Store, destination.Path, cancellationToken);
    private readonly Dictionary<SecretPath, string> _claims = [];

    private bool CanCheckAndSet => destination.Store.Capabilities.HasFlag(StoreCapabilities.CheckAndSet);

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
            if (step is { Fault: null, IsTwin: false } && map.Apply(step.Relative) is { } target)
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
            return Failed(row, step.Fault);
        }

        if (step.IsTwin)
        {
            return Skipped(row, "It has the name of the folder whose contents were copied, and is none of them.");
        }

        try
        {
            if (map.Apply(step.Relative) is not { } target)
            {
                return Skipped(row, "No rule of the map matches it.");
            }

            row = row with { Destination = destination.UriOf(target) };
            return await CopyAsync(step, row, destination.Path.Append(target), stop).ConfigureAwait(false);
        }
        catch (BridgeException exception)
        {
            return Failed(row, exception);
        }
    }

    private static CopyOutcome Failed(CopyResult row, BridgeException fault) =>
        new(row with { Action = CopyAction.Failed, Reason = fault.Message, Fault = fault }, false);

    private static CopyOutcome Skipped(CopyResult row, string reason) =>
        new(row with { Action = CopyAction.Skipped, Reason = reason }, false);

    // Two sources must not meet at one destination: the second would silently replace the first.
    private void Claim(SourceStep step, SecretPath target)
    {
        if (step.Location!.Store.Identity == destination.Store.Identity && step.Location.Path.IsAtOrBelow(destination.Path))
        {
            throw new BridgeException(FaultKind.Overlap, step.Uri, $"'{step.Uri}' lies inside the destination '{destination.Uri}'.");
        }

        if (RemembersDestinations && !_claims.TryAdd(target, step.Uri) && _claims[target] is var first && first != step.Uri)
        {
            throw new BridgeException(FaultKind.MapCollision, step.Uri,
                $"'{step.Uri}' and '{first}' both lead to '{destination.UriOf(target)}'; the second was not copied.");
        }
    }

    private async Task<CopyOutcome> CopyAsync(SourceStep step, CopyResult row, SecretPath path, CancellationToken stop)
    {
        ISecretStore source = step.Location!.Store;
        SecretReading reading = await SettledRead.ReadAsync(source, step.Location.Path, step.Version, stop).ConfigureAwait(false);
        row = row with { SourceVersion = reading.Version };
        if (reading.State == SecretState.Absent && !step.IsListed)
        {
            throw new BridgeException(FaultKind.SecretNotFound, step.Uri, $"There is no secret at '{step.Uri}', or the token may not know of it.");
        }

        if (reading is not { State: SecretState.Live, Payload: { } payload })
        {
            return Skipped(row, reading.State switch
            {
                SecretState.Deleted => "Its latest version is deleted.",
                SecretState.Destroyed => "Its latest version is destroyed.",
                SecretState.MetadataOnly => "It has metadata only: no version was ever written.",
                _ => "It vanished since it was listed.",
            });
        }

        if (destination.Store.WhyNotHold(path, payload) is { } flaw)
        {
            throw new BridgeException(FaultKind.DestinationCannotHold, row.Destination!, $"'{row.Destination}' cannot hold it: {flaw}.");
        }

        string? loss = PrecisionLoss(source, payload);
        CopyOutcome outcome = await PlaceAsync(row, path, payload, ThroughDouble(source), stop).ConfigureAwait(false);
        return loss is null ? outcome : new(outcome.Row with { Reason = outcome.Row.Reason ?? loss }, NumberPrecision: true);
    }

    private async Task<CopyOutcome> PlaceAsync(CopyResult row, SecretPath path, SecretPayload payload, bool throughDouble, CancellationToken stop)
    {
        if (CanCheckAndSet && !await _folders.MayExistAsync(path).ConfigureAwait(false))
        {
            try
            {
                return await WriteAsync(row with { Action = CopyAction.Created }, path, payload, 0, throughDouble, stop).ConfigureAwait(false);
            }
            catch (BridgeException exception) when (exception.Kind == FaultKind.CheckAndSetMismatch)
            {
                // It was hidden from the listing, or somebody was faster: look at what is there.
            }
        }

        SecretReading there = await destination.Store.ReadAsync(path, null, stop).ConfigureAwait(false);
        row = row with { DestinationVersion = there.Version };
        switch (there.State)
        {
            case SecretState.Absent or SecretState.MetadataOnly:
                return await WriteAsync(row with { Action = CopyAction.Created }, path, payload, there.CheckAndSet, throughDouble, stop).ConfigureAwait(false);
            case SecretState.Live when payload.Compare(there.Payload!, throughDouble).AreEqual:
                return new(row with { Action = CopyAction.Unchanged, Planned = options.PlanOnly }, false);
        }

        string what = there.State == SecretState.Live ? "has other content" : "was deleted there";
        return options.Conflict switch
        {
            ConflictPolicy.Skip => Skipped(row, $"The destination {what}."),
            ConflictPolicy.Overwrite =>
                await WriteAsync(row with { Action = CopyAction.Updated }, path, payload, there.CheckAndSet, throughDouble, stop).ConfigureAwait(false),
            _ => Conflict(row, new(FaultKind.DestinationExists, row.Destination!, $"'{row.Destination}' {what}; it was left as it is.")),
        };
    }

    private static CopyOutcome Conflict(CopyResult row, BridgeException fault) =>
        new(row with { Action = CopyAction.Conflict, Reason = fault.Message, Fault = fault }, false);

    private async Task<CopyOutcome> WriteAsync(
        CopyResult row, SecretPath path, SecretPayload payload, int checkAndSet, bool throughDouble, CancellationToken stop)
    {
        row = row with { Guard = CanCheckAndSet ? WriteGuard.CheckAndSet : WriteGuard.ReadThenWrite };
        if (session is null)
        {
            return new(row with { Planned = true }, false);
        }

        WriteReceipt receipt = await session.WriteAsync(path, payload, CanCheckAndSet ? checkAndSet : null, stop).ConfigureAwait(false);
        row = row with { DestinationVersion = receipt.Version, RequestId = receipt.RequestId };
        if (options.Verify)
        {
            await VerifyAsync(row, path, payload, receipt.Version, throughDouble, stop).ConfigureAwait(false);
            row = row with { Verified = true };
        }

        return new(row, false);
    }

    private async Task VerifyAsync(
        CopyResult row, SecretPath path, SecretPayload payload, int? version, bool throughDouble, CancellationToken stop)
    {
        long start = options.Time.GetTimestamp();
        while (true)
        {
            SecretReading back = await destination.Store.ReadAsync(path, version, stop).ConfigureAwait(false);
            if (back.State == SecretState.Live && back.Payload!.Compare(payload, throughDouble).AreEqual)
            {
                return;
            }

            // A version, once written, does not change. Without versions a standby may still show what was there before.
            bool maySettle = back.State == SecretState.Absent || version is null;
            if (!maySettle || options.Time.GetElapsedTime(start) >= VerifyPatience)
            {
                throw new BridgeException(FaultKind.VerificationFailed, row.Destination!, back.State == SecretState.Live
                    ? $"'{row.Destination}' reads back other than it was written."
                    : $"'{row.Destination}' was written, but it reads back as {back.State.ToString().ToLowerInvariant()}.");
            }

            await Task.Delay(VerifyPause, options.Time, stop).ConfigureAwait(false);
        }
    }

    private bool ThroughDouble(ISecretStore source) =>
        (source.Capabilities | destination.Store.Capabilities).HasFlag(StoreCapabilities.NumbersThroughDouble);

    private string? PrecisionLoss(ISecretStore source, SecretPayload payload) =>
        source.Capabilities.HasFlag(StoreCapabilities.NumbersThroughDouble) && payload.HasIntegerPast53Bits()
            ? "It holds a number past 2^53, whose digits a KV version 2 server does not keep when it reads."
            : destination.Store.Capabilities.HasFlag(StoreCapabilities.NumbersThroughDouble) && payload.HasNumberPastDouble()
                ? "It holds a number that reads back from the destination with other digits."
                : null;
}
