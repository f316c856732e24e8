using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// Reads a secret, and decides by one metadata read what an absent answer means: that nothing is there, that no version was
/// ever written, or that the server that answered lags behind the one that listed.
/// </summary>
internal static class SettledRead
{
    /// <summary>One read of a secret.</summary>
    internal delegate ValueTask<SecretReading> Read(SecretPath path, int? version, CancellationToken cancellationToken);

    /// <exception cref="BridgeException">It cannot be read; also where metadata has a version that reads do not give
    /// (<see cref="FaultKind.UnexpectedAbsence"/>).</exception>
    internal static Task<SecretReading> ReadAsync(ISecretStore store, SecretPath path, int? version, CancellationToken cancellationToken) =>
        ReadAsync(store, path, version, store.ReadAsync, cancellationToken);

    /// <summary>As above, by a read of the caller's, such as one that reads keys only.</summary>
    internal static async Task<SecretReading> ReadAsync(
        ISecretStore store, SecretPath path, int? version, Read read, CancellationToken cancellationToken)
    {
        SecretReading reading = await read(path, version, cancellationToken).ConfigureAwait(false);
        if (reading.State != SecretState.Absent || version is not null || !store.Capabilities.HasFlag(StoreCapabilities.Metadata))
        {
            return reading;
        }

        SecretMetadata? metadata = await store.ReadMetadataAsync(path, cancellationToken).ConfigureAwait(false);
        if (metadata is null)
        {
            return reading;
        }

        if (metadata.CurrentVersion == 0)
        {
            return new() { State = SecretState.MetadataOnly };
        }

        SecretReading again = await read(path, metadata.CurrentVersion, cancellationToken).ConfigureAwait(false);
        return again.State != SecretState.Absent
            ? again
            : throw new BridgeException(FaultKind.UnexpectedAbsence, new StoreLocation(store, path).Uri,
                $"'{path}' has version {metadata.CurrentVersion} by its metadata, but it cannot be read.");
    }
}
