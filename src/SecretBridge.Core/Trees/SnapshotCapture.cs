using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Snapshots;

namespace SecretBridge.Trees;

/// <summary>Reads one secret whole: its metadata, and the versions that are wanted. By number, so that all of it is of one moment.</summary>
internal sealed class SnapshotCapture(VersionSelection selection)
{
    /// <summary>The secret; null where it vanished since it was listed.</summary>
    /// <exception cref="BridgeException">Something of it cannot be read.</exception>
    internal async Task<SnapshotSecret?> ReadAsync(SourceStep step, CancellationToken cancellationToken)
    {
        StoreLocation location = step.Location!;
        ISecretStore store = location.Store;
        if (!store.Capabilities.HasFlag(StoreCapabilities.Metadata))
        {
            SecretReading reading = await store.ReadAsync(location.Path, null, cancellationToken).ConfigureAwait(false);
            return reading.State == SecretState.Absent ? null : new() { Key = step.RelativePath, Versions = [Of(reading.Version ?? 0, reading)] };
        }

        if (await store.ReadMetadataAsync(location.Path, cancellationToken).ConfigureAwait(false) is not { } metadata)
        {
            // A server that lags behind knows no metadata either; what has a value must not be missing in silence.
            return (await store.ReadAsync(location.Path, null, cancellationToken).ConfigureAwait(false)).State == SecretState.Absent
                ? null
                : throw new BridgeException(FaultKind.UnexpectedAbsence, location.Uri,
                    $"'{location.Uri}' is there, but it has no metadata: it was removed in between, or the server that answered lags behind.");
        }

        var versions = new List<SnapshotVersion>();
        foreach (SecretVersion version in metadata.Versions.Where(version => selection.IsAll || version.Number == metadata.CurrentVersion))
        {
            if (await VersionAsync(location, version, metadata, cancellationToken).ConfigureAwait(false) is { } captured)
            {
                versions.Add(captured);
            }
        }

        return new() { Key = step.RelativePath, Metadata = metadata, Versions = versions };
    }

    private static async Task<SnapshotVersion?> VersionAsync(
        StoreLocation location, SecretVersion version, SecretMetadata metadata, CancellationToken cancellationToken)
    {
        SecretReading reading = version.Destroyed
            ? new() { State = SecretState.Destroyed }
            : await location.Store.ReadAsync(location.Path, version.Number, cancellationToken).ConfigureAwait(false);
        if (reading.State != SecretState.Absent)
        {
            return Of(version.Number, reading) with { CreatedTime = version.CreatedTime, DeletionTime = reading.DeletionTime ?? version.DeletionTime };
        }

        // An old one may have been pushed out since; the latest cannot.
        return version.Number < metadata.CurrentVersion
            ? null
            : throw new BridgeException(FaultKind.UnexpectedAbsence, location.Uri,
                $"'{location.Uri}' has version {version.Number} by its metadata, but it cannot be read.");
    }

    private static SnapshotVersion Of(int number, SecretReading reading) =>
        new(number, reading.State, reading.State == SecretState.Live ? reading.Payload : null)
        {
            CreatedTime = reading.CreatedTime,
            DeletionTime = reading.DeletionTime,
        };
}
