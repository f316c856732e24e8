using System.Globalization;
using SecretBridge.Stores;

namespace SecretBridge.Audit;

/// <summary>A store that tells what is done with it. A value whose event cannot be kept is not given out.</summary>
internal sealed class AuditedStore(ISecretStore inner, AuditScope scope) : ISecretStore, IStoreDecorator
{
    public ISecretStore Inner => inner;

    public SecretReference Root => inner.Root;

    public StoreIdentity Identity => inner.Identity;

    public StoreCapabilities Capabilities => inner.Capabilities;

    public ValueTask<FolderListing> ListAsync(SecretPath folder, CancellationToken cancellationToken) => inner.ListAsync(folder, cancellationToken);

    public ValueTask<IReadOnlyList<SecretPath>?> TryScanAsync(SecretPath folder, CancellationToken cancellationToken) =>
        inner.TryScanAsync(folder, cancellationToken);

    public async ValueTask<SecretReading> ReadAsync(SecretPath path, int? version, CancellationToken cancellationToken)
    {
        string id = scope.Correlate();
        SecretReading reading = await inner.ReadAsync(path, version, cancellationToken).ConfigureAwait(false);
        if (reading.Payload is not null)
        {
            scope.Write(AuditAction.Decrypted, new(inner, path), id, reading.RequestId, ("version", reading.Version?.ToString(CultureInfo.InvariantCulture)));
        }

        return reading;
    }

    /// <summary>Passed on: a shape holds no value.</summary>
    public ValueTask<SecretReading?> TryReadShapeAsync(SecretPath path, int? version, CancellationToken cancellationToken) =>
        inner.TryReadShapeAsync(path, version, cancellationToken);

    public ValueTask<SecretMetadata?> ReadMetadataAsync(SecretPath path, CancellationToken cancellationToken) => inner.ReadMetadataAsync(path, cancellationToken);

    public string? WhyNotHold(SecretPath path, SecretPayload payload) => inner.WhyNotHold(path, payload);

    public async ValueTask<IWriteSession> OpenWriteSessionAsync(CancellationToken cancellationToken)
    {
        scope.Check();
        return new AuditedSession(await inner.OpenWriteSessionAsync(cancellationToken).ConfigureAwait(false), inner, scope);
    }
}
