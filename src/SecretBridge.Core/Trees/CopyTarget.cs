using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>The destination of a copy: what it can do, what it has, and writing to it. In a plan nothing is written.</summary>
internal sealed class CopyTarget(CopyOptions options, StoreLocation location, IWriteSession? session, CancellationToken cancellationToken)
{
    // What was begun may be brought to its end before a cancelled run is over.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly DestinationFolders _folders = new(location.Store, location.Path, cancellationToken);
    private readonly Readback _readback = new(location.Store, options.Time);

    internal StoreLocation Location => location;

    internal ISecretStore Store => location.Store;

    internal bool PlanOnly => session is null;

    internal bool CanCheckAndSet => Can(StoreCapabilities.CheckAndSet);

    internal bool KeepsVersions => Can(StoreCapabilities.Versions);

    /// <summary>Whether what is said beside a value travels with it.</summary>
    internal bool TakesNote => Can(StoreCapabilities.WriteNote);

    internal bool KeepsMetadata => Can(StoreCapabilities.Metadata);

    /// <summary>Whether something may be there, as the listing of its folder tells; true as well where nothing can be told.</summary>
    internal async Task<bool> MayExistAsync(SecretPath path) => !CanCheckAndSet || await _folders.MayExistAsync(path).ConfigureAwait(false);

    /// <exception cref="BridgeException">The destination cannot hold the payload (<see cref="FaultKind.DestinationCannotHold"/>),
    /// or it is a placeholder of ours (<see cref="FaultKind.InvalidPayload"/>).</exception>
    internal void ThrowIfNotHeld(CopyItem item, SecretPayload payload)
    {
        if (Placeholder.Is(payload))
        {
            throw new BridgeException(FaultKind.InvalidPayload, item.Row.Uri,
                $"'{item.Row.Uri}' holds a placeholder that an interrupted copy left there. Finish that copy first: it deletes the placeholder.");
        }

        if (Store.WhyNotHold(item.Path, payload) is { } flaw)
        {
            throw CannotHold(item, flaw);
        }
    }

    /// <summary>The last gate before the first write of a secret.</summary>
    /// <exception cref="BridgeException">It is no longer as it was planned for (<see cref="FaultKind.PlanOutdated"/>).</exception>
    internal void ThrowIfOutdated(CopyItem item)
    {
        if (session is not null && options.Planned is { } planned
            && planned.Drift(planned[item.Row.Uri] with { SourceVersion = item.Row.SourceVersion, DestinationVersion = item.Row.DestinationVersion }) is { } drift)
        {
            throw new BridgeException(FaultKind.PlanOutdated, item.Row.Uri, $"{drift}. It was not copied.");
        }
    }

    internal static BridgeException CannotHold(CopyItem item, string flaw) =>
        new(FaultKind.DestinationCannotHold, item.Row.Destination!, $"'{item.Row.Destination}' cannot hold it: {flaw}.");

    /// <summary>Writes the next version over the expected one.</summary>
    internal async Task<CopyItem> WriteAsync(CopyItem item, SecretPayload payload, int checkAndSet, CancellationToken stop)
    {
        CopyResult row = item.Row with { Guard = CanCheckAndSet ? WriteGuard.CheckAndSet : WriteGuard.ReadThenWrite };
        if (session is null)
        {
            return item with { Row = row with { Planned = true } };
        }

        WriteReceipt receipt = await session.WriteAsync(
            item.Path, payload, CanCheckAndSet ? checkAndSet : null, TakesNote ? Provenance.Note(options, item) : null, stop).ConfigureAwait(false);
        item = item with { Row = row with { DestinationVersion = receipt.Version, RequestId = receipt.RequestId } };
        bool isDue = receipt.DeletionTime is not null;
        return isDue == item.Due.HasValue || ReferenceEquals(payload, Placeholder.Payload) ? item : item.Losing(CopyLoss.DeletionTime);
    }

    /// <summary>
    /// Makes a version that is not live, as the one at the source is not: a placeholder that goes at once. A run that is
    /// cancelled in between still ends it.
    /// </summary>
    internal async Task<CopyItem> WriteGoneAsync(CopyItem item, SecretState state, int checkAndSet, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, options.Time);
        using CancellationTokenRegistration stopping = stop.Register(() => late.CancelAfter(Grace));
        CopyItem written = await WriteAsync(item, Placeholder.Payload, checkAndSet, late.Token).ConfigureAwait(false);
        try
        {
            await EndAsync(item, checkAndSet + 1, state, late.Token).ConfigureAwait(false);
        }
        catch (BridgeException exception)
        {
            throw LeavingLive(exception, item, checkAndSet + 1);
        }

        stop.ThrowIfCancellationRequested();
        return state == SecretState.Deleted ? written.Losing(CopyLoss.DeletedValue) : written;
    }

    /// <summary>Deletes a version that is deleted at the source, and destroys one that is destroyed or no longer known there.</summary>
    internal async Task EndAsync(CopyItem item, int version, SecretState state, CancellationToken stop)
    {
        if (session is not null && state == SecretState.Deleted)
        {
            await session.DeleteAsync(item.Path, [version], stop).ConfigureAwait(false);
        }
        else if (session is not null)
        {
            await session.DestroyAsync(item.Path, [version], stop).ConfigureAwait(false);
        }
    }

    /// <summary>Destroys placeholders of a secret that is not brought to its end, where that can be done at once; else the next run does it.</summary>
    internal async Task<bool> EndLateAsync(CopyItem item, IReadOnlyList<int> versions)
    {
        using var late = new CancellationTokenSource(Grace, options.Time);
        try
        {
            if (session is not null)
            {
                await session.DestroyAsync(item.Path, versions, late.Token).ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception exception) when (exception is BridgeException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The failure that left a placeholder live, with that told.</summary>
    internal static BridgeException LeavingLive(BridgeException cause, CopyItem item, int version) => new(cause.Kind, cause.Target,
        FormattableString.Invariant($"{cause.Message} Until a later run ends it, version {version} of '{item.Row.Destination}' is a placeholder that can be read."), cause);

    internal async Task WriteMetadataAsync(CopyItem item, MetadataChange change, CancellationToken stop)
    {
        if (session is not null)
        {
            await session.WriteMetadataAsync(item.Path, change, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Reads back, where that was asked for and something was written, and says so in the row.</summary>
    internal async Task<CopyItem> VerifyAsync(CopyItem item, Func<Readback, Task> check)
    {
        if (!options.Verify || session is null)
        {
            return item;
        }

        await check(_readback).ConfigureAwait(false);
        return item with { Row = item.Row with { Verified = true } };
    }

    private bool Can(StoreCapabilities capability) => location.Store.Capabilities.HasFlag(capability);
}
