namespace SecretBridge.Stores;

/// <summary>
/// Changes to one store. Each method returns when its change is committed. Methods may be called from many threads at once.
/// </summary>
public interface IWriteSession : IAsyncDisposable
{
    /// <summary>Writes a secret as its next version.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="payload">The whole payload.</param>
    /// <param name="checkAndSet">The version that must be current, 0 for none ever written; null writes whatever is there.
    /// A store without check-and-set refuses a number.</param>
    /// <param name="cancellationToken">Ends the request; whether it took effect is then unknown.</param>
    /// <exception cref="Reporting.BridgeException">Among others <see cref="Reporting.FaultKind.CheckAndSetMismatch"/>.</exception>
    ValueTask<WriteReceipt> WriteAsync(SecretPath path, SecretPayload payload, int? checkAndSet, CancellationToken cancellationToken);

    /// <summary>Writes as <see cref="WriteAsync(SecretPath, SecretPayload, int?, CancellationToken)"/> does, with a note, which a
    /// store without <see cref="StoreCapabilities.WriteNote"/> leaves out.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="payload">The whole payload.</param>
    /// <param name="checkAndSet">The version that must be current; null writes whatever is there.</param>
    /// <param name="note">What to keep beside the value; null for nothing.</param>
    /// <param name="cancellationToken">Ends the request; whether it took effect is then unknown.</param>
    ValueTask<WriteReceipt> WriteAsync(SecretPath path, SecretPayload payload, int? checkAndSet, WriteNote? note, CancellationToken cancellationToken) =>
        WriteAsync(path, payload, checkAndSet, cancellationToken);

    /// <summary>Soft-deletes versions; the latest where none is named. What is not there is no failure.</summary>
    ValueTask DeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken);

    /// <summary>Restores soft-deleted versions.</summary>
    ValueTask UndeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken);

    /// <summary>Destroys versions for good; metadata stays.</summary>
    ValueTask DestroyAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken);

    /// <summary>
    /// Changes a secret's metadata; what the change leaves out stays as it is. Where there is no secret yet, its metadata is made.
    /// </summary>
    /// <exception cref="Reporting.BridgeException">Among others <see cref="Reporting.FaultKind.NotSupported"/>: the store keeps
    /// no metadata, or its server takes no custom metadata.</exception>
    ValueTask WriteMetadataAsync(SecretPath path, MetadataChange change, CancellationToken cancellationToken);

    /// <summary>Removes all versions and the metadata for good.</summary>
    ValueTask RemoveAsync(SecretPath path, CancellationToken cancellationToken);
}
