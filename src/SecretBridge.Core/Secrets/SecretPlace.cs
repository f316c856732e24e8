using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>Where a reference leads, and what every row tells of that place.</summary>
internal sealed record SecretPlace(SecretReference Reference, StoreLocation Location)
{
    internal ISecretStore Store => Location.Store;

    internal SecretPath Path => Location.Path;

    internal string Uri => Location.Uri;

    internal string Root => (Location with { Path = Path.Parent }).Uri;

    /// <summary>Finds the place of one secret.</summary>
    /// <exception cref="BridgeException">It is no reference, nothing is connected there, or it names a whole mount.</exception>
    internal static async Task<SecretPlace> FindAsync(IStoreResolver stores, string uri, CancellationToken cancellationToken)
    {
        var reference = SecretReference.Parse(uri);
        StoreLocation location = await stores.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        return location.Path.IsRoot
            ? throw new BridgeException(FaultKind.InvalidReference, uri, $"'{uri}' names a whole mount, not a secret.")
            : new(reference, location);
    }

    /// <summary>Finds the place of one whole secret that is to be changed.</summary>
    /// <exception cref="BridgeException">The reference names a key; only whole secrets can be changed.</exception>
    internal static Task<SecretPlace> FindWholeAsync(IStoreResolver stores, string uri, CancellationToken cancellationToken) =>
        SecretReference.Parse(uri).Key is null
            ? FindAsync(stores, uri, cancellationToken)
            : throw new BridgeException(FaultKind.InvalidReference, uri, $"'{uri}' names a key; a secret is changed as a whole.");

    /// <summary>Why a reading holds no value.</summary>
    internal BridgeException Missing(SecretReading reading, int? asked)
    {
        string which = (asked ?? reading.Version) is { } version ? $"Version {version} of the secret" : "The secret";
        return reading.State switch
        {
            SecretState.Deleted => new(FaultKind.SecretDeleted, Uri, $"{which} '{Uri}' is deleted."),
            SecretState.Destroyed => new(FaultKind.SecretDeleted, Uri, $"{which} '{Uri}' is destroyed; its value is gone for good."),
            SecretState.MetadataOnly => new(FaultKind.SecretNotFound, Uri, $"The secret '{Uri}' has metadata, but no version was ever written."),
            _ => new(FaultKind.SecretNotFound, Uri, $"{which} '{Uri}' does not exist, or the token may not know of it."),
        };
    }

    /// <summary>The value of a key, or of the primary one.</summary>
    /// <exception cref="BridgeException">There is no such value, or no key is meant.</exception>
    internal KeyValuePair<string, SealedValue> Value(SecretReading reading, string? key)
    {
        SecretPayload payload = reading.Payload ?? throw Missing(reading, Reference.Version);
        string chosen = key ?? PrimaryKey.Of(payload) ?? throw new BridgeException(FaultKind.InvalidArgument, Uri,
            $"The secret '{Uri}' has none of the keys {string.Join(", ", PrimaryKey.Names)}: name one with -Key or #key.");
        return payload.GetValue(chosen) is { } value
            ? new(chosen, value)
            : throw new BridgeException(FaultKind.SecretNotFound, Uri, $"The secret '{Uri}' has no key '{chosen}'.");
    }

    /// <summary>What was read, with other values laid over it.</summary>
    /// <exception cref="BridgeException">That would write back a number that the server has rounded (<see cref="FaultKind.PrecisionLoss"/>).</exception>
    internal SecretPayload Merge(SecretPayload before, SecretPayload changes, bool allowPrecisionLoss) =>
        Store.Capabilities.HasFlag(StoreCapabilities.NumbersThroughDouble) && !allowPrecisionLoss && before.HasIntegerPast53Bits()
            ? throw new BridgeException(FaultKind.PrecisionLoss, Uri,
                $"'{Uri}' holds a number past 2^53, which the server rounds when it is read; a merge would write back the rounded one.")
            : before.Merge(changes);

    /// <summary>The row of a secret that nothing more is known of.</summary>
    internal VaultSecret Secret() => new()
    {
        Uri = Uri,
        Root = Root,
        RelativePath = Path.Name,
        Backend = Store.Root.Backend,
        Mount = Store.Root.Path.Value,
        Path = Path.Value,
        Name = Path.Name,
    };

    /// <summary>The row of a change.</summary>
    internal SecretChange Change(SecretAction action, IReadOnlyList<int> versions, bool planned) => new()
    {
        Uri = Uri,
        Root = Root,
        RelativePath = Path.Name,
        Action = action,
        Version = versions,
        Planned = planned,
    };

    /// <summary>The row of a change that failed, perhaps before its place was found.</summary>
    internal static SecretChange Failed(SecretPlace? place, string uri, BridgeException fault) => new()
    {
        Uri = place?.Uri ?? uri,
        Root = place?.Root ?? uri,
        RelativePath = place?.Path.Name ?? "",
        Action = SecretAction.Failed,
        Reason = fault.Message,
        Fault = fault,
    };
}
