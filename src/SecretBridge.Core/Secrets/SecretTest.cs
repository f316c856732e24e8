using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>
/// Holds a submitted value against stored ones, in a time that does not depend on where they differ. A secret that is not there
/// is a failure, not a difference.
/// </summary>
public sealed class SecretTest
{
    private readonly MatchOptions _options;

    /// <summary>Prepares comparing.</summary>
    public SecretTest(MatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Compares, one row an item in their order. What cannot be compared is a row with a fault; the others go on.</summary>
    public IAsyncEnumerable<SecretMatch> RunAsync(IAsyncEnumerable<SecretItem> items, CancellationToken cancellationToken) =>
        BoundedPipe.SelectAsync(items, _options.ThrottleLimit, TestAsync, cancellationToken);

    internal async Task<SecretMatch> TestAsync(SecretItem item, CancellationToken cancellationToken)
    {
        SecretPlace? place = null;
        try
        {
            place = await SecretPlace.FindAsync(_options.Stores, item.Uri, cancellationToken).ConfigureAwait(false);
            string? key = PrimaryKey.Named(place.Reference, _options.Key);
            SecretReading reading = await place.Store.ReadAsync(place.Path, place.Reference.Version, cancellationToken).ConfigureAwait(false);
            KeyValuePair<string, SealedValue> stored = place.Value(reading, key);
            return new() { Uri = place.Location.Pinned(place.Reference.Version, stored.Key), IsMatch = stored.Value.FixedTimeEquals(_options.Value) };
        }
        catch (BridgeException exception) when (exception.Kind != FaultKind.NotConnected)
        {
            return new() { Uri = place?.Uri ?? item.Uri, Fault = exception };
        }
    }
}
