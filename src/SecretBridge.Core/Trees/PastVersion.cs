using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>One version of a history.</summary>
/// <param name="Number">Its number.</param>
/// <param name="State">Live, deleted or destroyed; absent where the number was used and nothing is kept of it.</param>
/// <param name="Payload">The value of a live one, else null.</param>
internal sealed record PastVersion(int Number, SecretState State, SecretPayload? Payload)
{
    /// <summary>When the store deletes a live one by itself; null for never.</summary>
    internal DateTimeOffset? Due { get; init; }

    internal bool IsLive => State == SecretState.Live;

    internal bool IsPlaceholder => IsLive && Placeholder.Is(Payload);

    internal bool SameValue(PastVersion other, bool throughDouble) =>
        Payload is not null && other.Payload is not null && Payload.Compare(other.Payload, throughDouble).AreEqual;

    /// <summary>
    /// Reads a history, by number and in order, without changing anything. Whether a version is deleted is told by its read,
    /// which the server judges by its own clock.
    /// </summary>
    /// <exception cref="BridgeException">It cannot be read; also where metadata has a version that reads do not give
    /// (<see cref="FaultKind.UnexpectedAbsence"/>).</exception>
    internal static async Task<IReadOnlyList<PastVersion>> ReadAllAsync(
        ISecretStore store, SecretPath path, SecretMetadata metadata, CancellationToken cancellationToken)
    {
        var history = new List<PastVersion>(metadata.Versions.Count);
        foreach (SecretVersion version in metadata.Versions)
        {
            if (version.Destroyed)
            {
                history.Add(new(version.Number, SecretState.Destroyed, null));
                continue;
            }

            SecretReading reading = await store.ReadAsync(path, version.Number, cancellationToken).ConfigureAwait(false);

            // The oldest may have been pushed out since. Any other is there, and a server that lags behind does not give it.
            if (reading.State == SecretState.Absent
                && (version.Number == metadata.CurrentVersion || history.Exists(kept => kept.State is SecretState.Live or SecretState.Deleted)))
            {
                string uri = new StoreLocation(store, path).Uri;
                throw new BridgeException(FaultKind.UnexpectedAbsence, uri, $"'{uri}' has version {version.Number} by its metadata, but it cannot be read.");
            }

            history.Add(new(version.Number, reading.State, reading.Payload) { Due = reading.DeletionTime });
        }

        return history;
    }
}
