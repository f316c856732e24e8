using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>Reads secrets one by one. Their values stay sealed.</summary>
public sealed class SecretRead
{
    private readonly ReadOptions _options;

    /// <summary>Prepares reading.</summary>
    public SecretRead(ReadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Reads, one row an item in their order. What is not there, is deleted or cannot be read is a row with a fault.</summary>
    public IAsyncEnumerable<VaultSecret> RunAsync(IAsyncEnumerable<SecretItem> items, CancellationToken cancellationToken) =>
        BoundedPipe.SelectAsync(items, _options.ThrottleLimit, ReadAsync, cancellationToken);

    private async Task<VaultSecret> ReadAsync(SecretItem item, CancellationToken cancellationToken)
    {
        SecretPlace? place = null;
        try
        {
            place = await SecretPlace.FindAsync(_options.Stores, item.Uri, cancellationToken).ConfigureAwait(false);
            SecretReading reading = await place.Store.ReadAsync(place.Path, place.Reference.Version ?? _options.Version, cancellationToken)
                .ConfigureAwait(false);
            return Row(place, reading);
        }
        catch (BridgeException exception) when (exception.Kind != FaultKind.NotConnected)
        {
            VaultSecret row = place?.Secret() ?? new() { Uri = item.Uri, Root = item.Uri, RelativePath = "", Path = "", Name = "" };
            return row with { State = SecretState.Unreadable, Reason = exception.Message, Fault = exception };
        }
    }

    private VaultSecret Row(SecretPlace place, SecretReading reading)
    {
        BridgeException? fault = reading.State == SecretState.Live ? null : place.Missing(reading, place.Reference.Version ?? _options.Version);
        VaultSecret row = place.Secret() with
        {
            // What was asked for stays pinned: a row of version 1 must not lead the next cmdlet to the latest.
            Uri = place.Location.Pinned(place.Reference.Version ?? _options.Version, place.Reference.Key),
            Key = place.Reference.Key,
            Version = reading.Version,
            State = reading.State,
            CreatedTime = reading.CreatedTime,
            DeletionTime = reading.DeletionTime,
            CustomMetadata = reading.CustomMetadata,
            Reason = fault?.Message,
            Fault = fault,
        };
        if (reading.Payload is not { } payload)
        {
            return row;
        }

        IReadOnlyDictionary<string, SealedValue> data = payload.ToDictionary();
        if (place.Reference.Key is { } key)
        {
            data = payload.GetValue(key) is { } value
                ? new Dictionary<string, SealedValue>(StringComparer.Ordinal) { [key] = value }
                : throw new BridgeException(FaultKind.SecretNotFound, place.Uri, $"The secret '{place.Uri}' has no key '{key}'.");
        }

        return row with { Keys = data.Keys.ToArray(), Data = data };
    }
}
