namespace SecretBridge.Stores;

/// <summary>
/// One place that holds secrets by path: a KV mount, a sealed file, a service. Its methods may be called from many
/// threads at once. Failures are <see cref="Reporting.BridgeException"/>; what is absent is an answer, not a failure.
/// </summary>
public interface ISecretStore
{
    /// <summary>The reference of the store's root with its backend, such as <c>vault://prod@kv</c>, escaped.</summary>
    SecretReference Root { get; }

    /// <summary>Which store this really is.</summary>
    StoreIdentity Identity { get; }

    /// <summary>What the store can do.</summary>
    StoreCapabilities Capabilities { get; }

    /// <summary>Lists one folder. A folder that does not exist is <see cref="FolderListing.Absent"/>.</summary>
    ValueTask<FolderListing> ListAsync(SecretPath folder, CancellationToken cancellationToken);

    /// <summary>
    /// The paths, relative to a folder, of every secret below it in one request; null where the store cannot tell them
    /// so, and the caller lists folder by folder.
    /// </summary>
    ValueTask<IReadOnlyList<SecretPath>?> TryScanAsync(SecretPath folder, CancellationToken cancellationToken);

    /// <summary>Reads a secret.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="version">The version; null for the latest.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    ValueTask<SecretReading> ReadAsync(SecretPath path, int? version, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a secret's shape without its values: the payload has every key, nested as they are, and null in place of each
    /// value that is no object with keys. Null where the store cannot tell a shape without the values.
    /// </summary>
    /// <param name="path">Its path.</param>
    /// <param name="version">The version; null for the latest.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    ValueTask<SecretReading?> TryReadShapeAsync(SecretPath path, int? version, CancellationToken cancellationToken) => default;

    /// <summary>Reads a secret's metadata; null where there is none, or the store keeps none.</summary>
    ValueTask<SecretMetadata?> ReadMetadataAsync(SecretPath path, CancellationToken cancellationToken);

    /// <summary>Why this store could not hold a secret, known before any write; null where it could.</summary>
    string? WhyNotHold(SecretPath path, SecretPayload payload);

    /// <summary>Opens a session for changes. Stores that commit in groups do so within it.</summary>
    ValueTask<IWriteSession> OpenWriteSessionAsync(CancellationToken cancellationToken);
}
