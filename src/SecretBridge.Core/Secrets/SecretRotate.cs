using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>
/// Gives secrets a new generated value under one key, as a new version over exactly the one that was read. Other keys stay, and
/// the old value stays in the history.
/// </summary>
public sealed class SecretRotate
{
    private readonly RotateOptions _options;

    /// <summary>Prepares a rotation.</summary>
    public SecretRotate(RotateOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Rotates, one row an item in their order. What could not be rotated is a row with a fault; the others go on.</summary>
    public IAsyncEnumerable<SecretChange> RunAsync(IAsyncEnumerable<SecretItem> items, CancellationToken cancellationToken) =>
        BoundedPipe.SelectAsync(items, _options.ThrottleLimit, RotateAsync, cancellationToken);

    internal async Task<SecretChange> RotateAsync(SecretItem item, CancellationToken cancellationToken)
    {
        SecretPlace? place = null;
        try
        {
            place = await SecretPlace.FindAsync(_options.Stores, item.Uri, cancellationToken).ConfigureAwait(false);
            return await RotateAsync(place, item.PlanOnly, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind != FaultKind.NotConnected)
        {
            return SecretPlace.Failed(place, item.Uri, exception);
        }
    }

    private async Task<SecretChange> RotateAsync(SecretPlace place, bool planOnly, CancellationToken cancellationToken)
    {
        bool keepsHistory = place.Store.Capabilities.HasFlag(StoreCapabilities.Versions);
        string? named = PrimaryKey.Named(place.Reference, _options.Key);
        if (place.Reference.Version is not null)
        {
            throw new BridgeException(FaultKind.InvalidReference, place.Uri, $"'{place.Reference}' names a version; a rotation makes the next one.");
        }

        if (!keepsHistory && !_options.AllowLoss)
        {
            throw new BridgeException(FaultKind.NotSupported, place.Uri,
                $"'{place.Uri}' is in a store without history: the old value would be lost. -Force rotates it all the same.");
        }

        SecretReading reading = await place.Store.ReadAsync(place.Path, null, cancellationToken).ConfigureAwait(false);
        (string key, SealedValue old) = place.Value(reading, named);
        CheckText(place, key, old);
        SealedValue value = GeneratedValue.Make(_options.Length, _options.CharacterSet, _options.Random);
        SecretPayload payload = place.Merge(reading.Payload!, SecretPayload.FromValues([new(key, value)]), _options.AllowPrecisionLoss);
        int? expected = _options.CheckAndSet ?? (place.Store.Capabilities.HasFlag(StoreCapabilities.CheckAndSet) ? reading.CheckAndSet : null);
        SecretChange row = place.Change(SecretAction.Updated, [], planOnly) with
        {
            Key = key,
            PreviousVersion = keepsHistory ? reading.Version : null,
            Reason = keepsHistory ? null : "The store keeps no history: the old value is lost.",
        };
        if (planOnly)
        {
            return row;
        }

        if (_options.CheckAndSet is { } wanted && wanted != reading.CheckAndSet)
        {
            throw new BridgeException(FaultKind.CheckAndSetMismatch, place.Uri, $"'{place.Uri}' is at version {reading.CheckAndSet}, not at the expected {wanted}.");
        }

        _options.Writing?.Invoke(place.Uri, reading.Version);
        IWriteSession session = await place.Store.OpenWriteSessionAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            WriteReceipt receipt = await session.WriteAsync(place.Path, payload, expected, cancellationToken).ConfigureAwait(false);
            return row with { Version = receipt.Version is { } version ? [version] : [], NewValue = value, RequestId = receipt.RequestId };
        }
    }

    // Text in the place of a number or an object would break whoever reads it.
    private static void CheckText(SecretPlace place, string key, SealedValue old)
    {
        var reader = new Utf8JsonReader(old.Json);
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
        {
            throw new BridgeException(FaultKind.InvalidArgument, place.Uri,
                $"The key '{key}' of '{place.Uri}' is not text, so that no new value can be generated for it.");
        }
    }
}
