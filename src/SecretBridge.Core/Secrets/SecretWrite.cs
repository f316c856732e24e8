using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>
/// Writes secrets one after the other. Unless a version is named, the secret is read first: the same content is not written
/// again, which would push an older version out of the history, and other content is written only over the version read.
/// </summary>
public sealed class SecretWrite
{
    private readonly WriteOptions _options;

    /// <summary>Prepares writing.</summary>
    public SecretWrite(WriteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Writes, one row an item in their order. What could not be written is a row with a fault; the others go on.</summary>
    public IAsyncEnumerable<SecretChange> RunAsync(IAsyncEnumerable<SecretItem> items, CancellationToken cancellationToken) =>
        BoundedPipe.SelectAsync(items, degree: 1, WriteAsync, cancellationToken);

    internal async Task<SecretChange> WriteAsync(SecretItem item, CancellationToken cancellationToken)
    {
        SecretPlace? place = null;
        try
        {
            place = await SecretPlace.FindWholeAsync(_options.Stores, item.Uri, cancellationToken).ConfigureAwait(false);
            return await WriteAsync(place, item, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind != FaultKind.NotConnected)
        {
            return SecretPlace.Failed(place, item.Uri, exception);
        }
    }

    private async Task<SecretChange> WriteAsync(SecretPlace place, SecretItem item, CancellationToken cancellationToken)
    {
        SecretPayload payload = item.Payload
            ?? throw new BridgeException(FaultKind.InvalidPayload, place.Uri, $"There is nothing to write to '{place.Uri}'.");
        if (place.Reference.Version is not null)
        {
            throw new BridgeException(FaultKind.InvalidReference, item.Uri, $"'{item.Uri}' names a version; a write makes the next one.");
        }

        SecretReading? current = _options is { CheckAndSet: not null, Merge: false }
            ? null
            : await ReadAsync(place, cancellationToken).ConfigureAwait(false);
        if (_options.Merge && current?.State is SecretState.Deleted or SecretState.Destroyed)
        {
            throw new BridgeException(FaultKind.SecretDeleted, place.Uri,
                $"The latest version of '{place.Uri}' is {current.State.ToString().ToLowerInvariant()}: there is nothing to merge into. Restore it, or write it whole.");
        }

        if (_options.Merge && current?.Payload is { } before)
        {
            payload = place.Merge(before, payload, _options.AllowPrecisionLoss);
        }

        if (place.Store.WhyNotHold(place.Path, payload) is { } reason)
        {
            throw new BridgeException(FaultKind.DestinationCannotHold, place.Uri, $"The store cannot hold '{place.Uri}': {reason}.");
        }

        // Even a merge of the same values is compared exactly: only bytes that mean the same need no write.
        if (current?.Payload?.Compare(payload, throughDouble: false).AreEqual == true)
        {
            return place.Change(SecretAction.Unchanged, Versions(current.Version), item.PlanOnly);
        }

        int? expected = _options.CheckAndSet ?? (place.Store.Capabilities.HasFlag(StoreCapabilities.CheckAndSet) ? current?.CheckAndSet : null);
        bool isNew = current is null ? expected == 0 : current.State is SecretState.Absent or SecretState.MetadataOnly;
        SecretAction action = isNew ? SecretAction.Created : SecretAction.Updated;
        if (item.PlanOnly)
        {
            return place.Change(action, [], planned: true);
        }

        IWriteSession session = await place.Store.OpenWriteSessionAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            WriteReceipt receipt = await session.WriteAsync(place.Path, payload, expected, cancellationToken).ConfigureAwait(false);
            return place.Change(action, Versions(receipt.Version), planned: false) with { RequestId = receipt.RequestId };
        }
    }

    private static async Task<SecretReading> ReadAsync(SecretPlace place, CancellationToken cancellationToken)
    {
        try
        {
            return await place.Store.ReadAsync(place.Path, null, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind == FaultKind.PermissionDenied)
        {
            throw new BridgeException(FaultKind.PermissionDenied, place.Uri,
                $"'{place.Uri}' was not written: it could not be read before. With -CheckAndSet and the current version (0 for a new secret) no read is needed. {exception.Message}", exception);
        }
    }

    private static int[] Versions(int? version) => version is { } number ? [number] : [];
}
